#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "accounts/account_proof.h"
#include "accounts/one_time_tokens.h"
#include "accounts/ports.h"
#include "audit/audit_log.h"
#include "base/result.h"
#include "base/transactions.h"
#include "outbox/outbox.h"
#include "sessions/authentication.h"
#include "users/users.h"

namespace csauth::accounts {

/// The cap on mails that ask for a confirmation counts those of this time.
inline constexpr std::chrono::hours kConfirmationWindow{24};

/// A link outlives the time in which its mail counts against the cap by a day. So a stranger who uses the cap
/// up never leaves the owner without a link.
inline constexpr std::chrono::hours kVerificationLifetime = 2 * kConfirmationWindow;

/// The code for typing is short: it lives for an hour, and is compared with few guesses.
inline constexpr std::chrono::hours kCodeLifetime{1};
inline constexpr unsigned kMostCodeTries = 5;

/// At most one verification mail per address in this time, when it is asked for again.
inline constexpr std::chrono::minutes kResendInterval{3};

/// The most mails that an address gets within kConfirmationWindow that ask it to confirm something. Anybody
/// can ask for them, a stranger too.
inline constexpr std::size_t kMostConfirmationsADay = 5;

static_assert(kVerificationLifetime >= kConfirmationWindow);
static_assert(kVerificationLifetime <= 2 * kConfirmationWindow && 2 * kMostConfirmationsADay < kMostLinks,
              "a stranger's requests must not push a live link out");

/// Sends the mail that asks somebody to confirm their address.
class VerificationMail {
public:
    VerificationMail(const Ports& ports, const crypto::KeyRing& seal);

    /// Writes token and mail in the caller's transaction. Earlier links and codes keep working until one is
    /// used, they expire or the account changes: all go to the same mailbox.
    /// `return_to`: where the user wants to go after signing in.
    void send(const users::User& user, std::string_view return_to = "");

    /// Sends and counts the mail if the address has had fewer than kMostConfirmationsADay. Returns true if
    /// it did.
    bool send_if_few(const users::User& user, std::string_view return_to = "");

private:
    OneTimeTokens& tokens_;
    outbox::Outbox& outbox_;
    outbox::MailRequests& mail_requests_;
    const crypto::KeyRing& seal_;
    const Clock& clock_;
    Random& random_;
};

/// An address that is confirmed.
struct Confirmation {
    users::User user;
    std::string return_to;  ///< where its owner wants to go after signing in; empty where nowhere
};

/// Confirming that an address belongs to the one who registered it. It takes the mailbox and the account: who
/// registers a stranger's address gains nothing when the stranger follows the link.
class Verification {
public:
    Verification(const Ports& ports, sessions::Authentication& authentication, const crypto::KeyRing& seal);

    /// The user, now verified; also when the token had done its work before.
    ///
    /// one_time_token_invalid: unknown, expired, or the address or password has changed since; see
    /// spent_link(). And what require_proof() returns.
    Result<Confirmation> confirm(const PresentedToken& token, const AccountProof& proof,
                                 const Origin& origin);

    /// The same with the code for typing, by a caller whose session it is. Any unexpired code of the user
    /// will do. one_time_token_invalid also when all tries are used up, or when the key that the code was
    /// made with has left the seal ring.
    Result<Confirmation> confirm(const TypedCode& code, UserId caller, const Origin& origin);

    /// The same by somebody without a session. invalid_credentials: not the password, or no such account.
    Result<Confirmation> confirm(const TypedCode& code, const users::Email& email,
                                 const users::Password& password, const Origin& origin);

private:
    Result<Confirmation> apply(const OneTimeToken& token, const Origin& origin, TimePoint now);

    OneTimeTokens& tokens_;
    users::Users& users_;
    sessions::Authentication& authentication_;
    audit::AuditLog& audit_;
    Transactions& transactions_;
    const crypto::KeyRing& seal_;
    const Clock& clock_;
};

}  // namespace csauth::accounts
