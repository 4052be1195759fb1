#include "accounts/user_creation.h"

#include "accounts/choices.h"

namespace csauth::accounts {
namespace {

constexpr roles::Flag kNeeded = &roles::Flags::can_manage_users;

Error refuse(const users::Taken& taken) {
    Error error{.code = taken.email ? ErrorCode::email_taken : ErrorCode::username_taken};
    if (taken.email) error.fields.push_back({"/email", FieldCode::taken, "This address has an account."});
    if (taken.username) error.fields.push_back({"/username", FieldCode::taken, "This name is taken."});
    return error;
}

}  // namespace

UserCreation::UserCreation(roles::Hierarchy& hierarchy, roles::RoleAdministration& role_administration,
                           roles::Roles& roles, users::Users& users, OneTimeTokens& tokens,
                           outbox::Outbox& outbox, outbox::MailRequests& mail_requests,
                           audit::AuditLog& audit, const crypto::PasswordHasher& hasher,
                           const users::ContextWords& context, const Clock& clock, Random& random)
    : hierarchy_{hierarchy},
      role_administration_{role_administration},
      roles_{roles},
      users_{users},
      tokens_{tokens},
      outbox_{outbox},
      mail_requests_{mail_requests},
      audit_{audit},
      hasher_{hasher},
      context_{context},
      clock_{clock},
      random_{random} {}

Result<CreatedUser> UserCreation::invite(const roles::Actor& actor, const Invitee& invitee,
                                         const Origin& origin) {
    return hierarchy_.act(actor, kNeeded, [&](const roles::Authority& authority) -> Result<CreatedUser> {
        constexpr auto kind = outbox::RequestKind::verify_email;
        const TimePoint now = clock_.now();
        auto created = add(actor, authority, invitee, std::string{users::kNoPassword}, origin);
        if (!created) return created;
        if (mail_requests_.sent_since(kind, created->user.email_key, now - kConfirmationWindow) >=
            kMostConfirmationsADay)
            return Error{.code = ErrorCode::too_many_requests,
                         .detail = "This address has had as many mails today as one gets.",
                         .retry_after = kConfirmationWindow};
        mail_requests_.note_sent(kind, created->user.email_key, now);
        send(created->user);
        return created;
    });
}

Result<CreatedUser> UserCreation::create(const Invitee& invitee, const users::NewPassword& password,
                                         const Origin& origin) {
    if (const auto good = refuse_guessable("/password", password, invitee.username.text(),
                                           invitee.email.text(), invitee.full_name.text, context_);
        !good)
        return good.error();
    const std::string hash = hasher_.hash(password.reveal());
    const auto actor = roles::Actor::the_operator();
    return hierarchy_.act(actor, kNeeded, [&](const roles::Authority& authority) -> Result<CreatedUser> {
        auto created = add(actor, authority, invitee, hash, origin);
        if (!created) return created.error();
        auto& user = created->user;
        users_.mark_verified(user.id, user.email_key, user.epoch, clock_.now());
        user = *users_.find(user.id, clock_.now());
        return created;
    });
}

Result<CreatedUser> UserCreation::add(const roles::Actor& actor, const roles::Authority& authority,
                                      const Invitee& invitee, const std::string& password_hash,
                                      const Origin& origin) {
    if (const auto good = refuse_web_address(invitee.username); !good) return good.error();
    const TimePoint now = clock_.now();
    const users::NewUser fresh{.id = UserId::make(now, random_),
                               .email = invitee.email,
                               .username = invitee.username,
                               .password_hash = password_hash,
                               .full_name = invitee.full_name,
                               .bio = {},
                               .language = invitee.language,
                               .created_at = now};
    if (const auto taken = users_.taken(fresh.email.key(), fresh.username.key(), now)) return refuse(taken);
    if (const auto taken = users_.add(fresh)) return refuse(taken);
    roles_.grant_defaults(fresh.id, now);
    audit_.record({.action = audit::Action::user_created, .actor = actor.account(), .subject = fresh.id},
                  origin, now);
    if (!invitee.roles.empty() && !authority.has(&roles::Flags::can_manage_roles))
        return Error{.code = ErrorCode::permission_denied, .detail = "Roles need can_manage_roles."};
    for (const auto& role : invitee.roles)
        if (const auto given = role_administration_.give(actor, authority, fresh.id, role, origin); !given)
            return given.error();
    return CreatedUser{*users_.find(fresh.id, now), roles_.held_by(fresh.id)};
}

void UserCreation::send(const users::User& user) {
    const TimePoint now = clock_.now();
    const TimePoint expires = now + kInvitationLifetime;
    Secret token = make_one_time_token(random_);
    add_beside_earlier(tokens_, {.hash = hash_of(token.reveal()),
                                 .purpose = Purpose::invitation,
                                 .user = user.id,
                                 .email_key = user.email_key,
                                 .epoch = user.epoch,
                                 .created_at = now,
                                 .expires_at = expires});
    outbox_.add({.which = outbox::Template::invitation,
                 .language = user.language,
                 .recipient = user.email,
                 .user = user.id,
                 .parameters = {{"username", user.username}},
                 .token = std::move(token),
                 .give_up_at = expires},
                now);
}

}  // namespace csauth::accounts
