#include "accounts/registration.h"

#include "accounts/choices.h"

namespace csauth::accounts {
namespace {

users::User user_from(const users::NewUser& new_user) {
    return {.id = new_user.id,
            .email = new_user.email.text(),
            .email_key = new_user.email.key(),
            .username = new_user.username.text(),
            .full_name = new_user.full_name.text,
            .bio = new_user.bio.text,
            .language = new_user.language,
            .created_at = new_user.created_at};
}

}  // namespace

Registration::Registration(const Ports& ports, VerificationMail& verification,
                           sessions::SessionOpener& session_opener, const crypto::PasswordHasher& hasher,
                           const users::ContextWords& context)
    : users_{ports.users},
      roles_{ports.roles},
      verification_{verification},
      opener_{session_opener},
      mail_requests_{ports.mail_requests},
      transactions_{ports.transactions},
      hasher_{hasher},
      context_{context},
      clock_{ports.clock},
      random_{ports.random} {}

Result<sessions::OpenedSession> Registration::register_account(const Applicant& applicant,
                                                               const Origin& origin) {
    if (const auto good = refuse_web_address(applicant.username); !good) return good.error();
    if (const auto good = refuse_guessable("password", applicant.password, applicant.username.text(),
                                           applicant.email.text(), applicant.full_name.text, context_);
        !good)
        return good.error();
    const TimePoint now = clock_.now();
    // Asked before the hash, which is expensive. The unique indexes settle races below.
    if (const auto taken = users_.taken(applicant.email.key(), applicant.username.key(), now))
        return refuse(taken, applicant);

    const users::NewUser new_user{.id = UserId::make(now, random_),
                                  .email = applicant.email,
                                  .username = applicant.username,
                                  .password_hash = hasher_.hash(applicant.password.reveal()),
                                  .full_name = applicant.full_name,
                                  .bio = applicant.bio,
                                  .language = applicant.language,
                                  .created_at = now};
    users::Taken taken;
    auto outcome = transactions_.run([&]() -> Result<sessions::OpenedSession> {
        taken = users_.add(new_user);
        if (taken) return Error{.code = ErrorCode::email_taken};
        const users::User user = user_from(new_user);
        auto held = roles_.grant_defaults(user.id, now);
        verification_.send_if_few(user, applicant.return_to);
        auto admitted = opener_.open_first(user, std::move(held), applicant.device, origin);
        if (!admitted)
            return Error{.code = ErrorCode::service_unavailable};  // never: a new user has no other epoch
        return std::move(*admitted);
    });
    if (taken) return refuse(taken, applicant);
    return outcome;
}

Error Registration::refuse(const users::Taken& taken, const Applicant& applicant) {
    Error error{.code = taken.email ? ErrorCode::email_taken : ErrorCode::username_taken};
    if (taken.email) {
        error.fields.push_back({"email", FieldCode::taken, "This address has an account."});
        mail_requests_.add(outbox::RequestKind::already_registered, applicant.email.key(), clock_.now(), "");
    }
    if (taken.username) error.fields.push_back({"username", FieldCode::taken, "This name is taken."});
    return error;
}

}  // namespace csauth::accounts
