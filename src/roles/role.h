#pragma once

#include <map>
#include <string>
#include <vector>

namespace csauth::roles {

/// What a role allows by name, in the order of the flags everywhere.
struct Flags {
    bool can_moderate = false;
    bool can_manage_users = false;
    bool can_manage_roles = false;
    bool can_delete_messages = false;
    bool can_ban_users = false;
};

/// Calls `visit(name, value)` for each flag.
template <class Visit>
void for_each_flag(const Flags& flags, Visit visit) {
    visit("can_moderate", flags.can_moderate);
    visit("can_manage_users", flags.can_manage_users);
    visit("can_manage_roles", flags.can_manage_roles);
    visit("can_delete_messages", flags.can_delete_messages);
    visit("can_ban_users", flags.can_ban_users);
}

struct Role {
    std::string name;
    int priority = 0;
    Flags flags;
    std::map<std::string, std::string> custom;  ///< JSON text by name
};

std::vector<std::string> names_of(const std::vector<Role>& roles);

/// What a user may do, over all their roles.
struct Permissions {
    Flags flags;
    std::map<std::string, std::string> custom;  ///< JSON text by name

    /// The names of all that is true: flags, and custom entries whose value is `true`.
    std::vector<std::string> granted() const;
};

/// Flags are OR-ed, and a custom entry can never stand for one. Custom entries of the role with the
/// highest priority win, among equals those of the name that sorts first.
Permissions effective_permissions(std::vector<Role> roles);

}  // namespace csauth::roles
