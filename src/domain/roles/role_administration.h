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

/// What is changed of a role; what is nothing stays.
struct RoleChange {
    std::optional<RoleDescription> description = {};
    std::optional<int> priority = {};  ///< from kLowestPriority to kHighestPriority
    std::vector<std::pair<Flag, bool>> flags = {};
    std::optional<Custom> custom = {};  ///< as check_custom() lets pass; replaces all that was there

    Role applied_to(Role role) const;
};

/// A role with more than this many holders is not deleted: each of them is two rows of the transaction.
inline constexpr std::size_t kMostHoldersOfDeleted = 10'000;

/// Makes, changes and deletes roles, and says who holds them. Each act is judged as Hierarchy and Authority
/// say, recalls the tokens of everybody concerned, and stands in the audit log; doing it twice is fine, and
/// written once.
///
/// Each: permission_denied, session_ended, last_role_manager. not_found: there is no such role, or no such
/// user.
class RoleAdministration {
public:
    RoleAdministration(Hierarchy& hierarchy, Roles& roles, audit::AuditLog& audit, const Clock& clock)
        : hierarchy_{hierarchy}, roles_{roles}, audit_{audit}, clock_{clock} {}

    /// role_taken. limit_reached: there are kMostRoles.
    Result<Role> create(const Actor& actor, const RoleName& name, const RoleChange& given,
                        const Origin& origin);

    Result<Role> change(const Actor& actor, const RoleName& name, const RoleChange& change,
                        const Origin& origin);

    /// Whoever holds it loses it. role_in_use: everybody starts with it, or it has more than
    /// kMostHoldersOfDeleted holders.
    Result<void> remove(const Actor& actor, const RoleName& name, const Origin& origin);

    /// The user's roles as they are then. limit_reached: they have kMostRolesOfUser.
    Result<std::vector<Role>> grant(const Actor& actor, UserId user, const RoleName& name,
                                    const Origin& origin);
    Result<std::vector<Role>> revoke(const Actor& actor, UserId user, const RoleName& name,
                                     const Origin& origin);

    /// The part of grant() that needs the guard only: inside Hierarchy::act(), for a user whom the actor may
    /// act on.
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
