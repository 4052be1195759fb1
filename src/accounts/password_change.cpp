#include "accounts/password_change.h"

#include "accounts/account_proof.h"
#include "accounts/choices.h"
#include "sessions/notice.h"

namespace csauth::accounts {

PasswordChange::PasswordChange(users::Users& users, sessions::Sessions& sessions, devices::Devices& devices,
                               sessions::Authentication& authentication, outbox::Outbox& outbox,
                               audit::AuditLog& audit, Transactions& transactions,
                               const crypto::PasswordHasher& hasher, const users::ContextWords& context,
                               const Clock& clock)
    : users_{users},
      sessions_{sessions},
      devices_{devices},
      authentication_{authentication},
      outbox_{outbox},
      audit_{audit},
      transactions_{transactions},
      hasher_{hasher},
      context_{context},
      clock_{clock} {}

Result<void> PasswordChange::change(UserId id, SessionId kept, const users::Password& current,
                                    const users::NewPassword& fresh, const Origin& origin) {
    const auto known = authentication_.prove_again(id, current, origin);
    if (!known) return wrong_password_in("/current_password", known.error());
    const users::User& user = known->user;
    if (const auto good =
            refuse_guessable("/new_password", fresh, user.username, user.email, user.full_name, context_);
        !good)
        return good.error();
    const std::string hash = hasher_.hash(fresh.reveal());

    const TimePoint now = clock_.now();
    return transactions_.run([&]() -> Result<void> {
        // A rival was faster: what was proven is not the password any more.
        if (!users_.set_password(id, user.epoch, hash))
            return wrong_password_in("/current_password", {.code = ErrorCode::invalid_credentials});
        sessions_.adopt_epoch(kept, id);
        sessions_.end_all(id, kept, sessions::EndReason::password_changed, now);
        devices_.detach_idle(id, now);
        audit_.record({.action = audit::Action::password_changed, .actor = id, .subject = id}, origin, now);
        // An address that nobody has confirmed may be a stranger's.
        if (user.was_ever_verified)
            outbox_.add(sessions::notice(outbox::Template::password_changed, user, origin, now), now);
        return {};
    });
}

}  // namespace csauth::accounts
