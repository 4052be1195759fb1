#pragma once

#include <chrono>
#include <optional>

#include "accounts/one_time_tokens.h"
#include "audit/audit_log.h"
#include "base/result.h"
#include "base/transactions.h"
#include "outbox/outbox.h"
#include "sessions/authentication.h"
#include "users/users.h"

namespace csauth::accounts {

inline constexpr std::chrono::hours kVerificationLifetime{24};

/// At most one verification mail per address in this time.
inline constexpr std::chrono::minutes kResendInterval{3};

/// Sends the mail that asks somebody to confirm their address.
class VerificationMail {
public:
    VerificationMail(OneTimeTokens& tokens, outbox::Outbox& outbox, const Clock& clock, Random& random);

    /// Writes token and mail, inside the caller's transaction. Earlier tokens of the user are gone then.
    void send(const users::User& user);

private:
    OneTimeTokens& tokens_;
    outbox::Outbox& outbox_;
    const Clock& clock_;
    Random& random_;
};

/// How the one who confirms shows that the account is theirs: a session of it, or its password.
struct AccountProof {
    std::optional<UserId> caller = {};
    std::optional<users::Password> password = {};
};

/// Confirming that an address belongs to the one who registered it. It takes the mailbox and the account: who
/// registers a stranger's address gains nothing when the stranger follows the link.
class Verification {
public:
    Verification(OneTimeTokens& tokens, users::Users& users, sessions::Authentication& authentication,
                 audit::AuditLog& audit, Transactions& transactions, const Clock& clock);

    /// The user, now verified; also when the token had done its work before.
    ///
    /// one_time_token_invalid: unknown, expired, or the address or password has changed since.
    /// authentication_required: no proof. permission_denied: a session of another account.
    /// invalid_credentials: not the password.
    Result<users::User> confirm(const PresentedToken& token, const AccountProof& proof, const Origin& origin);

private:
    Result<void> require_proof(UserId owner, const AccountProof& proof, const Origin& origin);

    OneTimeTokens& tokens_;
    users::Users& users_;
    sessions::Authentication& authentication_;
    audit::AuditLog& audit_;
    Transactions& transactions_;
    const Clock& clock_;
};

}  // namespace csauth::accounts
