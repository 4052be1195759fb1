#pragma once

#include "accounts/ports.h"
#include "audit/audit_log.h"
#include "base/result.h"
#include "base/transactions.h"
#include "users/reservations.h"
#include "users/users.h"

namespace csauth::accounts {

/// What people change of their own account.
class Profile {
public:
    explicit Profile(const Ports& ports);

    /// The user as changed. A username that is given up is free for nobody else for users::kUsernameHold.
    ///
    /// session_ended: the user has gone. username_taken. too_many_requests: the user holds
    /// users::kMostHeldUsernames former names already. What is as it was is no change, and not in the log.
    Result<users::User> change(UserId user, const users::ProfileChange& change, const Origin& origin);

    /// The same inside the caller's transaction, which has locked the user; for whoever does it.
    Result<users::User> apply(const users::User& user, const users::ProfileChange& change,
                              std::optional<UserId> actor, const Origin& origin);

private:
    Result<void> rename(const users::User& user, const users::Username& new_name, TimePoint now);

    users::Users& users_;
    users::Reservations& reservations_;
    audit::AuditLog& audit_;
    Transactions& transactions_;
    const Clock& clock_;
};

}  // namespace csauth::accounts
