#pragma once

#include <chrono>

#include "accounts/account_proof.h"
#include "accounts/one_time_tokens.h"
#include "accounts/password_reset.h"
#include "accounts/ports.h"
#include "accounts/verification.h"
#include "audit/audit_log.h"
#include "base/transactions.h"
#include "devices/devices.h"
#include "outbox/outbox.h"
#include "roles/roles.h"
#include "sessions/authentication.h"
#include "users/reservations.h"
#include "users/users.h"

namespace csauth::accounts {

inline constexpr std::chrono::hours kEmailChangeLifetime{24};

/// A user may ask for a change once in this time, as each sends a mail to whatever address they give.
inline constexpr std::chrono::minutes kEmailChangeInterval{3};

/// For how long the former address may take a change back; it is held for its owner meanwhile.
inline constexpr std::chrono::hours kRevertLifetime = users::kAddressHold;

/// Changing the address of an account takes the account and the new mailbox; who has the former mailbox may
/// take it back.
class EmailChange {
public:
    EmailChange(const Ports& ports, sessions::Authentication& authentication, ResetMail& reset_mail);

    /// Sends a token to the new address; if that has an account, its owner is told instead, and the answer
    /// is the same.
    ///
    /// validation_failed: not the password, or the present address. too_many_requests: too many wrong
    /// passwords, or a second change within kEmailChangeInterval.
    Result<void> request(UserId user, const users::Email& new_email, const users::Password& password,
                         const Origin& origin);

    /// The user with the new, confirmed address; also when the token had done its work before. The former
    /// address is told, with a token that takes the change back. If no address was ever confirmed, nobody is:
    /// then the roles go that the account was given, as they were meant for whoever has the former one.
    ///
    /// one_time_token_invalid: unknown, expired, replaced by a newer one, or password, address or epoch have
    /// changed since. email_taken: somebody was faster. And what require_proof() returns.
    Result<users::User> confirm(const PresentedToken& token, const AccountProof& proof, const Origin& origin);

    /// The former address is back; all sessions have ended, no password opens the account, every other
    /// one-time token and every later revert is void, and a mail that resets the password is on its way
    /// there.
    ///
    /// one_time_token_invalid: unknown, spent, expired, or the account has that address. email_taken.
    Result<void> revert(const PresentedToken& token, const Origin& origin);

private:
    Result<users::User> apply(const OneTimeToken& token, const users::Email& new_email, const Origin& origin,
                              TimePoint now);
    void take_roles(UserId user, const Origin& origin, TimePoint now);
    void tell_former_address(const users::User& former, const Origin& origin, TimePoint now);

    OneTimeTokens& tokens_;
    users::Users& users_;
    roles::Roles& roles_;
    users::Reservations& reservations_;
    sessions::Sessions& sessions_;
    devices::Devices& devices_;
    sessions::Authentication& authentication_;
    ResetMail& reset_mail_;
    outbox::Outbox& outbox_;
    outbox::MailRequests& mail_requests_;
    audit::AuditLog& audit_;
    Transactions& transactions_;
    const Clock& clock_;
    Random& random_;
};

}  // namespace csauth::accounts
