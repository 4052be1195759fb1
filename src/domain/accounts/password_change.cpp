#include "accounts/password_change.h"

#include "accounts/account_proof.h"
#include "accounts/choices.h"
#include "sessions/notice.h"

namespace csauth::accounts {

PasswordChange::PasswordChange(const Ports& ports, sessions::Authentication& authentication,
                               const crypto::PasswordHasher& hasher, const users::ContextWords& context)
    : users_{ports.users},
      sessions_{ports.sessions},
      devices_{ports.devices},
      authentication_{authentication},
      outbox_{ports.outbox},
      audit_{ports.audit},
      transactions_{ports.transactions},
      hasher_{hasher},
      context_{context},
      clock_{ports.clock} {}

Result<void> PasswordChange::change(UserId id, SessionId kept, const users::Password& current,
                                    const users::NewPassword& new_password, const Origin& origin) {
    const auto prepared = prepare(id, current, new_password, {}, origin);
    if (!prepared) return prepared.error();
    return transactions_.run([&] { return apply(*prepared, kept, origin); });
}

Result<PasswordChange::Prepared> PasswordChange::prepare(UserId id, const users::Password& current,
                                                         const users::NewPassword& new_password,
                                                         const users::ProfileChange& profile,
                                                         const Origin& origin) {
    const auto known = authentication_.check_password_of_caller(id, current, origin);
    if (!known) return wrong_password_in("current_password", known.error());
    const users::User& user = known->user;
    const std::string_view username = profile.username ? profile.username->text() : user.username;
    const std::string_view full_name = profile.full_name ? profile.full_name->text : user.full_name;
    if (const auto good =
            refuse_guessable("new_password", new_password, username, user.email, full_name, context_);
        !good)
        return good.error();
    return Prepared{user, hasher_.hash(new_password.reveal())};
}

Result<void> PasswordChange::apply(const Prepared& prepared, SessionId kept, const Origin& origin) {
    const users::User& user = prepared.user;
    const TimePoint now = clock_.now();
    // A rival was faster: the password that was checked is no longer the present one.
    if (!users_.set_password(user.id, user.epoch, prepared.hash))
        return wrong_password_in("current_password", {.code = ErrorCode::invalid_credentials});
    sessions_.adopt_epoch(kept, user.id);
    sessions_.end_all(user.id, kept, sessions::EndReason::password_changed, now);
    devices_.detach_idle(user.id, now);
    audit_.record({.action = audit::Action::password_changed, .actor = user.id, .subject = user.id}, origin,
                  now);
    // An address that nobody has confirmed may be a stranger's.
    if (user.was_ever_verified)
        outbox_.add(sessions::notice(outbox::Template::password_changed, user, origin, now), now);
    return {};
}

}  // namespace csauth::accounts
