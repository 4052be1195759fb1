#pragma once

#include "accounts/ports.h"
#include "audit/audit_log.h"
#include "base/result.h"
#include "base/transactions.h"
#include "users/reservations.h"
#include "users/users.h"

namespace csauth::accounts {

/// Changes the profiles of users.
class Profile {
public:
    explicit Profile(const Ports& ports);

    /// Changes the profile, in a transaction of its own, and returns the user as changed. A member that keeps
    /// its value is no change and is not in the audit log. A username that is given up stays reserved for its
    /// former holder for users::kUsernameHold.
    ///
    /// `session_ended`: the user no longer exists.
    /// `username_taken`: another user has the name, or it is reserved for one.
    /// `validation_failed`: the new username looks like a web address; see refuse_web_address().
    /// `too_many_requests`: users::kMostHeldUsernames former names are reserved for the user already.
    Result<users::User> change(UserId user, const users::ProfileChange& change, const Origin& origin);

    /// Does the same inside the caller's transaction, which has locked the user. `actor`: the user that the
    /// audit log names; nullopt for the operator.
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
