#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace csauth::roles {

/// The permissions that every role either gives or not. Lists of flags everywhere have this order.
struct Flags {
    bool can_moderate = false;
    bool can_manage_users = false;
    bool can_manage_roles = false;
    bool can_delete_messages = false;
    bool can_ban_users = false;

    bool operator==(const Flags&) const = default;
};

/// One member of Flags.
using Flag = bool Flags::*;

struct NamedFlag {
    Flag flag;
    std::string_view name;
};
inline constexpr NamedFlag kFlags[] = {{&Flags::can_moderate, "can_moderate"},
                                       {&Flags::can_manage_users, "can_manage_users"},
                                       {&Flags::can_manage_roles, "can_manage_roles"},
                                       {&Flags::can_delete_messages, "can_delete_messages"},
                                       {&Flags::can_ban_users, "can_ban_users"}};

/// Returns the flag's stable name: "can_moderate".
std::string_view name_of(Flag flag);

inline constexpr std::size_t kLongestRoleName = 50;      // bytes
inline constexpr std::size_t kLongestDescription = 255;  // code points
inline constexpr int kLowestPriority = 0;
inline constexpr int kHighestPriority = 1'000'000;
inline constexpr std::size_t kLongestCustomPermissions = 8 * 1024;  // bytes, as compact JSON
inline constexpr std::size_t kDeepestCustomPermissions = 4;         // levels, the object itself included
inline constexpr std::size_t kMostRolesOfUser = 16;
inline constexpr std::size_t kMostRoles = 200;  // in the whole service

/// The name of a role: [a-z0-9][a-z0-9._-]{0,49}
struct RoleName {
    std::string text;

    /// Ignores white space around the name. `too_long`, `invalid`.
    static Result<RoleName, Complaint> parse(std::string_view given);
};

/// A text for administrators about the purpose of a role, on one line; may be empty.
struct RoleDescription {
    std::string text;

    /// Cleans the text (text::plain_text). `too_long`, `invalid`.
    static Result<RoleDescription, Complaint> parse(std::string_view given);
};

/// Custom permissions, which the application defines: the name, and the value as compact JSON text.
using Custom = std::map<std::string, std::string>;

/// Checks the names and the total size. The caller has checked the depth (kDeepestCustomPermissions).
/// `invalid`: a name that is not [a-z0-9][a-z0-9._:-]{0,49}. `reserved`: the name of a flag. `too_long`: over
/// kLongestCustomPermissions.
Result<void, Complaint> check_custom(const Custom& custom);

/// A named set of permissions that users hold. docs/use/roles.md describes the rules.
struct Role {
    std::string name;  ///< unique, and never changed
    std::string description = {};
    int priority = 0;  ///< from kLowestPriority to kHighestPriority; decides which users may act on which
    bool is_default = false;  ///< each new user gets it
    Flags flags = {};
    Custom custom = {};
    TimePoint created_at = {};
};

/// Returns the names in the order of the roles.
std::vector<std::string> names_of(const std::vector<Role>& roles);

/// Returns true if `a` comes before `b`: it has the higher priority, or the same one and the lower name. Its
/// custom permissions then take precedence.
bool outranks(const Role& a, const Role& b);

/// The sum of a user's roles.
struct Permissions {
    Flags flags;
    Custom custom;

    /// Returns the names of the flags that are set, then those of custom permissions whose value is `true`.
    std::vector<std::string> granted() const;
};

/// Returns the sum of the roles. A flag is set if any role sets it. If several roles have a custom permission
/// of one name, the value of the role that outranks the others is used. A custom permission with the name of
/// a flag is ignored.
Permissions effective_permissions(std::vector<Role> roles);

}  // namespace csauth::roles
