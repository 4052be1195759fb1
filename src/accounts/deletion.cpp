#include "accounts/deletion.h"

#include "accounts/account_proof.h"
#include "sessions/notice.h"

namespace csauth::accounts {

Deletion::Deletion(OneTimeTokens& tokens, users::Users& users, users::Reservations& reservations,
                   sessions::Authentication& authentication, outbox::Outbox& outbox,
                   outbox::MailRequests& mail_requests, audit::AuditLog& audit, Transactions& transactions,
                   const Clock& clock)
    : tokens_{tokens},
      users_{users},
      reservations_{reservations},
      authentication_{authentication},
      outbox_{outbox},
      mail_requests_{mail_requests},
      audit_{audit},
      transactions_{transactions},
      clock_{clock} {}

Result<void> Deletion::delete_account(UserId id, const users::Password& password, const Origin& origin) {
    const auto known = authentication_.prove_again(id, password, origin);
    if (!known) return wrong_password_in("/password", known.error());
    const users::User& user = known->user;
    const TimePoint now = clock_.now();
    for (const auto& token : tokens_.all_of(id))
        if (token.purpose == Purpose::revert_email && !token.is_consumed && now < token.expires_at)
            return Error{
                .code = ErrorCode::too_many_requests,
                .detail = "The address was changed a short time ago, and that can still be taken back.",
                .retry_after = std::chrono::ceil<std::chrono::seconds>(token.expires_at - now)};
    return transactions_.run([&]() -> Result<void> {
        if (!users_.remove(id, user.epoch)) return Error{.code = ErrorCode::session_ended};
        outbox_.withdraw(id);
        // Who never confirmed an address has no name to be mistaken for, and no mailbox to write to.
        if (user.is_verified) {
            reservations_.hold(users::Identifier::username,
                               users::username_key(user.username).value_or(user.username), id, std::nullopt);
            mail_requests_.forget(user.email_key);
            outbox_.add(sessions::notice(outbox::Template::account_deleted, user, origin, now), now);
        }
        audit_.record({.action = audit::Action::user_deleted, .actor = id, .subject = id}, origin, now);
        audit_.request_erasure(id, now);
        return {};
    });
}

std::size_t delete_unverified(users::Users& users, audit::AuditLog& audit, Transactions& transactions,
                              std::size_t most, TimePoint now) {
    const auto late = users.unverified_since(now - kUnverifiedLifetime, most);
    for (const auto& user : late) {
        (void)transactions.run([&]() -> Result<void> {
            if (!users.remove_unverified(user.id)) return {};
            audit.record({.action = audit::Action::user_deleted,
                          .subject = user.id,
                          .detail = "the address was not confirmed"},
                         {}, now);
            audit.request_erasure(user.id, now);
            return {};
        });
    }
    return late.size();
}

}  // namespace csauth::accounts
