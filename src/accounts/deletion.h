#pragma once

#include <chrono>
#include <cstddef>

#include "accounts/one_time_tokens.h"
#include "audit/audit_log.h"
#include "base/result.h"
#include "base/transactions.h"
#include "outbox/outbox.h"
#include "sessions/authentication.h"
#include "users/reservations.h"
#include "users/users.h"

namespace csauth::accounts {

/// Accounts whose address was not confirmed within this time are deleted.
inline constexpr std::chrono::hours kUnverifiedLifetime{7 * 24};

/// The end of accounts.
class Deletion {
public:
    Deletion(OneTimeTokens& tokens, users::Users& users, users::Reservations& reservations,
             sessions::Authentication& authentication, outbox::Outbox& outbox,
             outbox::MailRequests& mail_requests, audit::AuditLog& audit, Transactions& transactions,
             const Clock& clock);

    /// Everything of the user is gone: profile, sessions, devices, roles, tokens, mails; they are told by
    /// mail. The username stays taken for good, so that nobody is mistaken for them; not so that of an
    /// account whose address was never confirmed. What the audit log holds loses what is personal.
    ///
    /// validation_failed: not the password. too_many_requests: too many wrong ones before, or a change of
    /// address can still be taken back, which a thief must not prevent.
    Result<void> delete_account(UserId user, const users::Password& password, const Origin& origin);

private:
    OneTimeTokens& tokens_;
    users::Users& users_;
    users::Reservations& reservations_;
    sessions::Authentication& authentication_;
    outbox::Outbox& outbox_;
    outbox::MailRequests& mail_requests_;
    audit::AuditLog& audit_;
    Transactions& transactions_;
    const Clock& clock_;
};

/// Deletes up to `most` accounts that have waited too long for the confirmation of their address; says how
/// many. Their names and addresses are free again.
std::size_t delete_unverified(users::Users& users, audit::AuditLog& audit, Transactions& transactions,
                              std::size_t most, TimePoint now);

}  // namespace csauth::accounts
