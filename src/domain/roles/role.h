#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace csauth::roles {

/// What a role allows by name, in the order of the flags everywhere.
struct Flags {
    bool can_moderate = false;
    bool can_manage_users = false;
    bool can_manage_roles = false;
    bool can_delete_messages = false;
    bool can_ban_users = false;

    bool operator==(const Flags&) const = default;
};

/// One of them.
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

std::string_view name_of(Flag flag);

// design.md 8.
inline constexpr std::size_t kLongestRoleName = 50;
inline constexpr std::size_t kLongestDescription = 255;  // code points
inline constexpr int kLowestPriority = 0;
inline constexpr int kHighestPriority = 1'000'000;
inline constexpr std::size_t kLongestCustomPermissions = 8 * 1024;  // bytes, as compact JSON
inline constexpr std::size_t kDeepestCustomPermissions = 4;         // the object itself counted
inline constexpr std::size_t kMostRolesOfUser = 16;
inline constexpr std::size_t kMostRoles = 200;  // that there are

/// [a-z0-9][a-z0-9._-]{0,49}
struct RoleName {
    std::string text;
    static Result<RoleName, Complaint> parse(std::string_view given);
};

/// What a role is for, on one line; may be empty.
struct RoleDescription {
    std::string text;
    static Result<RoleDescription, Complaint> parse(std::string_view given);
};

/// JSON text by name.
using Custom = std::map<std::string, std::string>;

/// Says what is wrong where `custom` can't be what a role allows besides its flags: a name that is not as a
/// role's, with colons besides; the name of a flag; too much of it.
Result<void, Complaint> check_custom(const Custom& custom);

struct Role {
    std::string name;
    std::string description = {};
    int priority = 0;
    bool is_default = false;  ///< everybody who registers gets it
    Flags flags = {};
    Custom custom = {};
    TimePoint created_at = {};
};

std::vector<std::string> names_of(const std::vector<Role>& roles);

/// Whether the custom entries of `a` win over those of `b`: by priority, among equals by name.
bool outranks(const Role& a, const Role& b);

/// What a user may do, over all their roles.
struct Permissions {
    Flags flags;
    Custom custom;

    /// The names of all that is true: flags, and custom entries whose value is `true`.
    std::vector<std::string> granted() const;
};

/// Flags are OR-ed, and a custom entry can never stand for one. Of custom entries those of the role that
/// outranks the others win.
Permissions effective_permissions(std::vector<Role> roles);

}  // namespace csauth::roles
