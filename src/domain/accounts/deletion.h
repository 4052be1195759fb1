#pragma once

#include <chrono>
#include <cstddef>

#include "accounts/erasure.h"
#include "accounts/one_time_tokens.h"

#include "accounts/ports.h"
#include "base/result.h"
#include "base/transactions.h"
#include "roles/hierarchy.h"
#include "sessions/authentication.h"
#include "users/users.h"

namespace csauth::accounts {

/// Accounts whose address was not confirmed within this time are deleted.
inline constexpr std::chrono::hours kUnverifiedLifetime{7 * 24};

/// Deletes accounts at the request of their owners.
class Deletion {
public:
    Deletion(const Ports& ports, sessions::Authentication& authentication, Erasure& erasure,
             roles::Hierarchy& hierarchy);

    /// Erases the account, in a transaction of its own; see Erasure::erase(). Checking the password costs one
    /// password hash.
    ///
    /// `validation_failed`: `password` is wrong.
    /// `too_many_requests`: there were too many wrong passwords before, or a change of address can still be
    /// taken back. A thief who has changed the address must not prevent that.
    /// `session_ended`: the account no longer exists, or its epoch has changed since the password was
    /// checked.
    /// `last_role_manager`: see roles::Hierarchy::guard().
    Result<void> delete_account(UserId user, const users::Password& password, const Origin& origin);

private:
    OneTimeTokens& tokens_;
    sessions::Authentication& authentication_;
    Erasure& erasure_;
    roles::Hierarchy& hierarchy_;
    const Clock& clock_;
};

/// Erases up to `most` accounts whose address was not confirmed within kUnverifiedLifetime, each in a
/// transaction of its own. Returns their number. The keeper calls it.
std::size_t delete_unverified(users::Users& users, Erasure& erasure, Transactions& transactions,
                              std::size_t most, TimePoint now);

}  // namespace csauth::accounts
