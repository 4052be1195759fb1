#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "audit/audit_log.h"
#include "base/origin.h"
#include "base/result.h"
#include "roles/hierarchy.h"
#include "roles/roles.h"

namespace csauth::roles {

/// Changes to a role. Members that are nullopt, and flags that are not listed, leave the role as it is.
struct RoleChange {
    std::optional<RoleDescription> description = {};
    std::optional<int> priority = {};  ///< from kLowestPriority to kHighestPriority
    std::vector<std::pair<Flag, bool>> flags = {};
    std::optional<Custom> custom = {};  ///< passed by check_custom(); replaces all custom permissions

    /// Returns the role with the changes.
    Role applied_to(Role role) const;
};

/// A role with more holders than this can't be deleted, because each holder adds two rows to the transaction.
inline constexpr std::size_t kMostHoldersOfDeleted = 10'000;

/// Creates, changes and deletes roles, grants and revokes them. Each call is one transaction of
/// Hierarchy::act() for actors with can_manage_roles. It recalls the tokens of all users concerned and writes
/// an audit entry. A call that changes nothing succeeds without an entry.
///
/// Each call can refuse with the codes of Hierarchy::act(). `permission_denied` is also a rule of Authority
/// that is broken. `not_found`: there is no such role or user.
class RoleAdministration {
public:
    RoleAdministration(Hierarchy& hierarchy, Roles& roles, audit::AuditLog& audit, const Clock& clock)
        : hierarchy_{hierarchy}, roles_{roles}, audit_{audit}, clock_{clock} {}

    /// Creates a role and returns it.
    /// `role_taken`: there is a role of this name. `limit_reached`: there are kMostRoles.
    Result<Role> create(const Actor& actor, const RoleName& name, const RoleChange& given,
                        const Origin& origin);

    /// Changes a role and returns it. The actor must be allowed to hand out the role as it was and as it
    /// becomes.
    Result<Role> change(const Actor& actor, const RoleName& name, const RoleChange& change,
                        const Origin& origin);

    /// Deletes a role, also from the users that hold it.
    /// `role_in_use`: each new user gets it, or it has more than kMostHoldersOfDeleted holders.
    Result<void> remove(const Actor& actor, const RoleName& name, const Origin& origin);

    /// Gives the user a role, and returns the user's roles, highest priority first.
    /// `limit_reached`: the user has kMostRolesOfUser already.
    Result<std::vector<Role>> grant(const Actor& actor, UserId user, const RoleName& name,
                                    const Origin& origin);

    /// Takes a role from the user, and returns the roles that are left, highest priority first.
    Result<std::vector<Role>> revoke(const Actor& actor, UserId user, const RoleName& name,
                                     const Origin& origin);

    /// Does the part of grant() that needs the guard only. Call it inside Hierarchy::act(), for a user within
    /// the actor's reach. The refusals are `not_found`, `permission_denied` and `limit_reached`.
    Result<void> give(const Actor& actor, const Authority& authority, UserId user, const RoleName& name,
                      const Origin& origin);

private:
    Result<Authority> find_holder(const Actor& actor, const Authority& authority, UserId user);
    void record(const Actor& actor, audit::Action action, std::optional<UserId> subject, std::string detail,
                const Origin& origin);

    Hierarchy& hierarchy_;
    Roles& roles_;
    audit::AuditLog& audit_;
    const Clock& clock_;
};

}  // namespace csauth::roles
