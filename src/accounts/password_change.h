#pragma once

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
    PasswordChange(users::Users& users, sessions::Sessions& sessions, devices::Devices& devices,
                   sessions::Authentication& authentication, outbox::Outbox& outbox, audit::AuditLog& audit,
                   Transactions& transactions, const crypto::PasswordHasher& hasher,
                   const users::ContextWords& context, const Clock& clock);

    /// All sessions but `kept` end, and every one-time token but a revert is void; the user is told by mail.
    /// Of several at once, one succeeds.
    ///
    /// validation_failed: `current` is not the password, or see refuse_guessable(). too_many_requests.
    Result<void> change(UserId user, SessionId kept, const users::Password& current,
                        const users::NewPassword& fresh, const Origin& origin);

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
