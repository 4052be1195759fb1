#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "roles/role.h"

namespace csauth::roles {

/// Which roles there are, and who holds them. What changes what somebody may do recalls the tokens of
/// everybody concerned.
class Roles {
public:
    virtual ~Roles() = default;

    /// The user's roles, highest priority first, then by name.
    virtual std::vector<Role> held_by(UserId user) = 0;

    /// Gives a new user the roles that everybody starts with, and says which: in the order of held_by().
    virtual std::vector<Role> grant_defaults(UserId user, TimePoint now) = 0;

    /// Every role, highest priority first, then by name.
    virtual std::vector<Role> all() = 0;
    virtual std::optional<Role> find(std::string_view name) = 0;

    /// False: the name is taken.
    virtual bool add(const Role& role) = 0;

    /// Writes all but name, is_default and created_at.
    virtual void change(const Role& role) = 0;

    /// Who holds the role, at most `most` of them.
    virtual std::vector<UserId> holders_of(std::string_view name, std::size_t most) = 0;

    /// The role is gone, also from those who hold it.
    virtual void remove(std::string_view name) = 0;

    /// Says whether the user did not hold it before. `granted_by`: nothing for the operator.
    virtual bool grant(UserId user, std::string_view name, std::optional<UserId> granted_by,
                       TimePoint now) = 0;

    /// Says whether the user held it.
    virtual bool revoke(UserId user, std::string_view name) = 0;

    /// The highest priority of a role that anybody holds.
    virtual int highest_held() = 0;

    /// Whether there is an account that can manage roles: verified, and not banned.
    virtual bool has_manager(TimePoint now) = 0;

    /// Whether there is an account of that kind that holds all flags at highest_held().
    virtual bool has_peer(TimePoint now) = 0;

    /// From here to the end of the transaction nobody else is behind this, on any node.
    virtual void enter_guard() = 0;
};

}  // namespace csauth::roles
