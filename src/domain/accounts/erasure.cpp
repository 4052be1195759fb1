#include "accounts/erasure.h"

#include "sessions/notice.h"

namespace csauth::accounts {

Erasure::Erasure(const Ports& ports)
    : users_{ports.users},
      reservations_{ports.reservations},
      outbox_{ports.outbox},
      mail_requests_{ports.mail_requests},
      audit_{ports.audit},
      clock_{ports.clock} {}

Result<void> Erasure::erase(const users::User& user, const roles::Actor& actor, const Origin& origin,
                            std::string why) {
    const TimePoint now = clock_.now();
    if (!users_.remove(user.id, user.epoch)) return Error{.code = ErrorCode::not_found};
    outbox_.withdraw(user.id);
    // A user who never confirmed an address has no name to protect, and no mailbox to write to.
    if (user.was_ever_verified) {
        reservations_.hold(users::Identifier::username,
                           users::username_key(user.username).value_or(user.username), user.id, std::nullopt);
        mail_requests_.forget(user.email_key);
        const auto which =
            actor.is(user.id) ? outbox::Template::account_deleted : outbox::Template::account_removed;
        outbox_.add(sessions::notice(which, user, origin, now), now);
    }
    audit_.record({.action = audit::Action::user_deleted,
                   .actor = actor.account(),
                   .subject = user.id,
                   .detail = std::move(why)},
                  origin, now);
    audit_.request_erasure(user.id, now);
    return {};
}

}  // namespace csauth::accounts
