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

/// The end of accounts at their owners' wish.
class Deletion {
public:
    Deletion(const Ports& ports, sessions::Authentication& authentication, Erasure& erasure,
             roles::Hierarchy& hierarchy);

    /// As Erasure::erase().
    ///
    /// validation_failed: not the password. too_many_requests: too many wrong ones before, or a change of
    /// address can still be taken back, which a thief must not prevent. last_role_manager.
    Result<void> delete_account(UserId user, const users::Password& password, const Origin& origin);

private:
    OneTimeTokens& tokens_;
    sessions::Authentication& authentication_;
    Erasure& erasure_;
    roles::Hierarchy& hierarchy_;
    const Clock& clock_;
};

/// Erases up to `most` accounts that have waited too long for the confirmation of their address; says how
/// many.
std::size_t delete_unverified(users::Users& users, Erasure& erasure, Transactions& transactions,
                              std::size_t most, TimePoint now);

}  // namespace csauth::accounts
