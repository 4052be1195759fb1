#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "roles/role.h"

namespace csauth::roles {

/// The roles, and the users that hold them. change(), remove(), grant() and revoke() recall the tokens of all
/// users concerned and write an event for open streams; call them inside a transaction.
class Roles {
public:
    virtual ~Roles() = default;

    /// Returns the user's roles, highest priority first, then by name.
    virtual std::vector<Role> held_by(UserId user) = 0;

    /// Gives a new user the roles with is_default, and returns them in the order of held_by(). Call it inside
    /// the transaction that adds the user.
    virtual std::vector<Role> grant_defaults(UserId user, TimePoint now) = 0;

    /// Returns every role, highest priority first, then by name.
    virtual std::vector<Role> all() = 0;

    /// Returns nullopt if there is no such role.
    virtual std::optional<Role> find(std::string_view name) = 0;

    /// Adds a role. Returns false if the name is taken.
    virtual bool add(const Role& role) = 0;

    /// Writes all members except name, is_default and created_at.
    virtual void change(const Role& role) = 0;

    /// Returns at most `most` users that hold the role, in no particular order.
    virtual std::vector<UserId> holders_of(std::string_view name, std::size_t most) = 0;

    /// Removes the role, also from the users that hold it.
    virtual void remove(std::string_view name) = 0;

    /// Gives the user a role that exists. Returns false if the user held it already. `granted_by`: nullopt
    /// for the operator.
    virtual bool grant(UserId user, std::string_view name, std::optional<UserId> granted_by,
                       TimePoint now) = 0;

    /// Takes a role from the user. Returns false if the user did not hold it.
    virtual bool revoke(UserId user, std::string_view name) = 0;

    /// Returns the highest priority of a role that any user holds; kLowestPriority if none is held.
    virtual int highest_held() = 0;

    /// Returns true if there is a manager: a verified user without a ban that holds can_manage_roles.
    virtual bool has_manager(TimePoint now) = 0;

    /// Returns true if there is a manager that holds all flags and a role of the priority highest_held().
    virtual bool has_peer(TimePoint now) = 0;

    /// Waits until no other transaction on any node is inside the guard. The caller's transaction then holds
    /// the guard until its end.
    virtual void enter_guard() = 0;
};

}  // namespace csauth::roles
