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

/// The time over which mails that ask for a confirmation are counted; see kMostConfirmationsADay.
inline constexpr std::chrono::hours kConfirmationWindow{24};

/// How long a link works: a day longer than its mail counts against the cap. So a stranger who uses the cap
/// up never leaves the owner without a link.
inline constexpr std::chrono::hours kVerificationLifetime = 2 * kConfirmationWindow;

/// The code for typing is short. So it expires earlier than the link, and is compared with few guesses.
inline constexpr std::chrono::hours kCodeLifetime{1};
inline constexpr unsigned kMostCodeTries = 5;

/// A request for another verification mail is ignored within this time after the last one.
inline constexpr std::chrono::minutes kResendInterval{3};

/// The most mails that ask for a confirmation which an address gets within kConfirmationWindow. Anybody can
/// ask for them, a stranger too.
inline constexpr std::size_t kMostConfirmationsADay = 5;

static_assert(kVerificationLifetime >= kConfirmationWindow);
static_assert(kVerificationLifetime <= 2 * kConfirmationWindow && 2 * kMostConfirmationsADay < kMostLinks,
              "a stranger's requests must not push a live link out");

/// Sends the mail that asks a user to confirm their address. Its link and its typed code do the same.
class VerificationMail {
public:
    /// `seal`: the key ring under which typed codes are stored.
    VerificationMail(const Ports& ports, const crypto::KeyRing& seal);

    /// Writes token and mail in the caller's transaction, and neither checks nor counts against the cap.
    /// Earlier links and codes keep working until one is used, they expire or the account changes: all go to
    /// the same mailbox. `return_to`: the return address.
    void send(const users::User& user, std::string_view return_to = "");

    /// Sends the mail and counts it, in the caller's transaction, if the address has had fewer than
    /// kMostConfirmationsADay. Returns true if it did.
    bool send_if_few(const users::User& user, std::string_view return_to = "");

private:
    OneTimeTokens& tokens_;
    outbox::Outbox& outbox_;
    outbox::MailRequests& mail_requests_;
    const crypto::KeyRing& seal_;
    const Clock& clock_;
    Random& random_;
};

/// A user whose address is confirmed.
struct Confirmation {
    users::User user;
    std::string return_to;  ///< the return address that the mail was sent with; empty if there is none
};

/// Confirms that an address belongs to the person who registered it. That takes the mailbox and the account.
/// So an account that somebody registered with the address of a stranger stays unconfirmed if the stranger
/// only follows the link.
class Verification {
public:
    Verification(const Ports& ports, sessions::Authentication& authentication, const crypto::KeyRing& seal);

    /// Confirms the address with the token of a link, in a transaction of its own. Using the link again
    /// succeeds without effect.
    ///
    /// `one_time_token_invalid`, `link_superseded`: the link is unknown or expired, or the address or epoch
    /// has changed since; see spent_link().
    /// `authentication_required`, `permission_denied`, `invalid_credentials`, `too_many_requests`: see
    /// require_proof().
    Result<Confirmation> confirm(const PresentedToken& token, const AccountProof& proof,
                                 const Origin& origin);

    /// Does the same with a typed code, for the user of a session. Any unexpired code of the user works. Each
    /// call takes a try from each of them; see OneTimeTokens::take_code_tries().
    ///
    /// `one_time_token_invalid`: no code matches, all tries are used up, or the key that the code was stored
    /// under has left the ring.
    /// `one_time_token_invalid`, `link_superseded`: the address or epoch has changed since; see spent_link().
    Result<Confirmation> confirm(const TypedCode& code, UserId caller, const Origin& origin);

    /// Does the same for a person without a session, who sends address and password.
    ///
    /// `invalid_credentials`: the password is wrong, or the address has no account.
    /// `too_many_requests`: there were too many wrong passwords before.
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
