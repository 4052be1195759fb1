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

/// A person who is signed in chooses another password.
class PasswordChange {
public:
    /// A new password whose owner has prepared the present one: the user as of that moment, and the hash.
    struct Prepared {
        users::User user;
        std::string hash;
    };

    PasswordChange(const Ports& ports, sessions::Authentication& authentication,
                   const crypto::PasswordHasher& hasher, const users::ContextWords& context);

    /// All sessions but `kept` end, and every one-time token but a revert is void; the user is told by mail.
    /// Of several at once, one succeeds.
    ///
    /// validation_failed: `current` is not the password, or see refuse_guessable(). too_many_requests.
    Result<void> change(UserId user, SessionId kept, const users::Password& current,
                        const users::NewPassword& new_password, const Origin& origin);

    /// The first half of change(): proves the present password, checks the new one against the names that the
    /// user will have after `profile`, and hashes it. Changes nothing; not for use inside a transaction.
    Result<Prepared> prepare(UserId user, const users::Password& current,
                             const users::NewPassword& new_password, const users::ProfileChange& profile,
                             const Origin& origin);

    /// The second half, inside the caller's transaction. `validation_failed`: the password was changed since.
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
