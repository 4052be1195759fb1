#pragma once

#include <chrono>
#include <optional>

#include "accounts/account_proof.h"
#include "accounts/one_time_tokens.h"
#include "audit/audit_log.h"
#include "base/result.h"
#include "base/transactions.h"
#include "outbox/outbox.h"
#include "sessions/authentication.h"
#include "users/users.h"

namespace csauth::accounts {

inline constexpr std::chrono::hours kVerificationLifetime{24};

/// The code for typing is short: it lives for an hour, and few guesses.
inline constexpr std::chrono::hours kCodeLifetime{1};
inline constexpr unsigned kMostCodeTries = 5;

/// At most one verification mail per address in this time, when it is asked for again.
inline constexpr std::chrono::minutes kResendInterval{3};

/// So many mails an address gets in a day that ask it to confirm something, whoever asks for them: a stranger
/// may.
inline constexpr std::size_t kMostConfirmationsADay = 5;

/// Sends the mail that asks somebody to confirm their address.
class VerificationMail {
public:
    /// What becomes of earlier tokens; a user who is just being made has none.
    enum class Earlier { withdrawn, none };

    VerificationMail(OneTimeTokens& tokens, outbox::Outbox& outbox, outbox::MailRequests& mail_requests,
                     const crypto::KeyRing& seal, const Clock& clock, Random& random);

    /// Writes token and mail, inside the caller's transaction. Earlier tokens of the user are gone then.
    void send(const users::User& user);

    /// The same, counted, if the address has had fewer than kMostConfirmationsADay; says whether.
    bool send_if_few(const users::User& user, Earlier earlier = Earlier::withdrawn);

private:
    void send(const users::User& user, Earlier earlier);

    OneTimeTokens& tokens_;
    outbox::Outbox& outbox_;
    outbox::MailRequests& mail_requests_;
    const crypto::KeyRing& seal_;
    const Clock& clock_;
    Random& random_;
};

/// Confirming that an address belongs to the one who registered it. It takes the mailbox and the account: who
/// registers a stranger's address gains nothing when the stranger follows the link.
class Verification {
public:
    Verification(OneTimeTokens& tokens, users::Users& users, sessions::Authentication& authentication,
                 audit::AuditLog& audit, Transactions& transactions, const crypto::KeyRing& seal,
                 const Clock& clock);

    /// The user, now verified; also when the token had done its work before.
    ///
    /// one_time_token_invalid: unknown, expired, or the address or password has changed since.
    /// And what require_proof() returns.
    Result<users::User> confirm(const PresentedToken& token, const AccountProof& proof, const Origin& origin);

    /// The same with the code for typing, by a caller whose session it is. one_time_token_invalid also when
    /// all tries are used up, or when the key that the code was made with has left the seal ring.
    Result<users::User> confirm(const TypedCode& code, UserId caller, const Origin& origin);

    /// The same by somebody without a session. invalid_credentials: not the password, or no such account.
    Result<users::User> confirm(const TypedCode& code, const users::Email& email,
                                const users::Password& password, const Origin& origin);

private:
    Result<users::User> apply(const OneTimeToken& token, const Origin& origin, TimePoint now);

    OneTimeTokens& tokens_;
    users::Users& users_;
    sessions::Authentication& authentication_;
    audit::AuditLog& audit_;
    Transactions& transactions_;
    const crypto::KeyRing& seal_;
    const Clock& clock_;
};

}  // namespace csauth::accounts
