#pragma once

#include "accounts/ports.h"
#include "audit/audit_log.h"
#include "base/result.h"
#include "base/transactions.h"
#include "crypto/password_hasher.h"
#include "devices/devices.h"
#include "outbox/outbox.h"
#include "sessions/authentication.h"
#include "users/context_words.h"
#include "users/users.h"

namespace csauth::accounts {

/// Changes the password of a user who is signed in.
class PasswordChange {
public:
    /// A new password that may be set: the user as of the check of the present password, and the hash of the
    /// new one.
    struct Prepared {
        users::User user;
        std::string hash;
    };

    PasswordChange(const Ports& ports, sessions::Authentication& authentication,
                   const crypto::PasswordHasher& hasher, const users::ContextWords& context);

    /// Sets the new password, in a transaction of its own. Ends all sessions but `kept`, and voids every
    /// one-time token but those that take back a change of address. Tells the user by mail if their address
    /// was ever confirmed. If several calls run at once, one succeeds.
    ///
    /// `validation_failed`: `current` is wrong or was changed meanwhile, or the new password is easily
    /// guessed; see refuse_guessable().
    /// `too_many_requests`: there were too many wrong passwords before.
    Result<void> change(UserId user, SessionId kept, const users::Password& current,
                        const users::NewPassword& new_password, const Origin& origin);

    /// The first half of change(): checks the present password, checks the new one against the names that the
    /// user will have after `profile`, and hashes it. Refuses as change() does. Changes nothing. Not for use
    /// inside a transaction.
    Result<Prepared> prepare(UserId user, const users::Password& current,
                             const users::NewPassword& new_password, const users::ProfileChange& profile,
                             const Origin& origin);

    /// The second half, inside the caller's transaction.
    /// `validation_failed`: the epoch has changed since prepare(), for example because of another new
    /// password.
    Result<void> apply(const Prepared& prepared, SessionId kept, const Origin& origin);

private:
    users::Users& users_;
    sessions::Sessions& sessions_;
    devices::Devices& devices_;
    sessions::Authentication& authentication_;
    outbox::Outbox& outbox_;
    audit::AuditLog& audit_;
    Transactions& transactions_;
    const crypto::PasswordHasher& hasher_;
    const users::ContextWords& context_;
    const Clock& clock_;
};

}  // namespace csauth::accounts
