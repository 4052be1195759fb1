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

/// The time over which mails that reset a password are counted; see kMostResetsAnHour.
inline constexpr std::chrono::hours kResetWindow{1};

/// An owner whose request is refused by the cap has a link in the mailbox that works for at least this long.
inline constexpr std::chrono::minutes kResetTimeLeft{30};

/// How long a link works: longer than its mail counts against the cap. So a stranger who uses the cap up
/// never leaves the owner without a link.
inline constexpr std::chrono::minutes kResetLifetime = kResetWindow + kResetTimeLeft;

/// Sends the mail with a link for choosing a new password.
class ResetMail {
public:
    explicit ResetMail(const Ports& ports);

    /// Writes token and mail in the caller's transaction, whatever the caps on mails say. Earlier links keep
    /// working until one is used, they expire or the account changes: all go to the same mailbox, so none
    /// proves less than another. `return_to`: the return address.
    void send(const users::User& user, std::string_view return_to = "");

private:
    OneTimeTokens& tokens_;
    outbox::Outbox& outbox_;
    const Clock& clock_;
    Random& random_;
};

/// Sets a new password with the token of a mail: for a user who can't sign in, or for an invited user who
/// chooses the first one.
class PasswordReset {
public:
    PasswordReset(const Ports& ports, const crypto::PasswordHasher& hasher,
                  const users::ContextWords& context);

    /// Sets the password and confirms the address, in a transaction of its own. Ends all sessions, and voids
    /// every other one-time token but those that take back a change of address. Tells the user by mail,
    /// unless the token is an invitation. If several calls run at once, one succeeds.
    ///
    /// If no address of the account was ever confirmed, the person who registered it proved nothing. Full
    /// name, bio, picture, devices and the choice to hide are then deleted; the username stays. What came
    /// with an invitation stays, too.
    ///
    /// `one_time_token_invalid`, `link_superseded`: the link is unknown, used or expired, or the password,
    /// address or epoch has changed since; see spent_link().
    /// `validation_failed`: the new password is easily guessed; see refuse_guessable().
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
