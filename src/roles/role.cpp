#include "roles/role.h"

#include <algorithm>
#include <tuple>

namespace csauth::roles {

std::vector<std::string> names_of(const std::vector<Role>& roles) {
    std::vector<std::string> names;
    names.reserve(roles.size());
    for (const Role& role : roles)
        names.push_back(role.name);
    return names;
}

std::vector<std::string> Permissions::granted() const {
    std::vector<std::string> names;
    for_each_flag(flags, [&](const char* name, bool value) {
        if (value) names.emplace_back(name);
    });
    for (const auto& [name, value] : custom)
        if (value == "true") names.push_back(name);
    return names;
}

Permissions effective_permissions(std::vector<Role> roles) {
    std::sort(roles.begin(), roles.end(), [](const Role& a, const Role& b) {
        return std::tuple{-a.priority, a.name} < std::tuple{-b.priority, b.name};
    });
    Permissions all;
    for (const Role& role : roles) {
        all.flags.can_moderate |= role.flags.can_moderate;
        all.flags.can_manage_users |= role.flags.can_manage_users;
        all.flags.can_manage_roles |= role.flags.can_manage_roles;
        all.flags.can_delete_messages |= role.flags.can_delete_messages;
        all.flags.can_ban_users |= role.flags.can_ban_users;
        all.custom.insert(role.custom.begin(), role.custom.end());  // keeps what a higher role said
    }
    for_each_flag(all.flags, [&](const char* name, bool) { all.custom.erase(name); });
    return all;
}

}  // namespace csauth::roles
