#pragma once

#include <chrono>

#include "accounts/one_time_tokens.h"
#include "accounts/ports.h"
#include "audit/audit_log.h"
#include "base/result.h"
#include "base/transactions.h"
#include "crypto/password_hasher.h"
#include "devices/devices.h"
#include "outbox/outbox.h"
#include "sessions/sessions.h"
#include "users/context_words.h"
#include "users/password.h"
#include "users/users.h"

namespace csauth::accounts {

/// The cap on mails that reset a password counts those of this time.
inline constexpr std::chrono::hours kResetWindow{1};

/// An owner whose request the cap refuses has a link in the mailbox that still works for at least this long.
inline constexpr std::chrono::minutes kResetTimeLeft{30};

/// A link outlives the time in which its mail counts against the cap. So a stranger who uses the cap up never
/// leaves the owner without a link.
inline constexpr std::chrono::minutes kResetLifetime = kResetWindow + kResetTimeLeft;

/// Sends the mail with which somebody chooses a new password.
class ResetMail {
public:
    explicit ResetMail(const Ports& ports);

    /// Writes token and mail in the caller's transaction. Earlier links keep working until one is used, they
    /// expire or the account changes: all go to the same mailbox, so none proves less than another.
    /// `return_to`: where the user wants to go after signing in.
    void send(const users::User& user, std::string_view return_to = "");

private:
    OneTimeTokens& tokens_;
    outbox::Outbox& outbox_;
    const Clock& clock_;
    Random& random_;
};

/// A person who can't sign in chooses another password with a token from a mail; or their first one, where
/// somebody has made the account for them.
class PasswordReset {
public:
    PasswordReset(const Ports& ports, const crypto::PasswordHasher& hasher,
                  const users::ContextWords& context);

    /// All sessions end and the address counts as confirmed. If it never was, whoever registered it proved
    /// nothing: all that they left is gone, but the name; not so what came with an invitation. The user is
    /// told by mail, unless it was one. Of several at once, one succeeds.
    ///
    /// one_time_token_invalid: unknown, spent, expired, or password, address or epoch have changed since; see
    /// spent_link(). validation_failed: see refuse_guessable().
    Result<void> reset(const PresentedToken& token, const users::NewPassword& new_password,
                       const Origin& origin);

private:
    OneTimeTokens& tokens_;
    users::Users& users_;
    sessions::Sessions& sessions_;
    devices::Devices& devices_;
    outbox::Outbox& outbox_;
    audit::AuditLog& audit_;
    Transactions& transactions_;
    const crypto::PasswordHasher& hasher_;
    const users::ContextWords& context_;
    const Clock& clock_;
};

}  // namespace csauth::accounts
