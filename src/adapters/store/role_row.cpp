#include "store/role_row.h"

#include "json/object.h"

namespace csauth::store {
namespace {

// The text was checked before it was stored. A member takes at least 4 bytes ("":0), so this limit is never
// too low.
constexpr json::Limits kCustomLimits{.bytes = roles::kLongestCustomPermissions,
                                     .depth = roles::kDeepestCustomPermissions,
                                     .members = roles::kLongestCustomPermissions / 4};

roles::Custom custom_from(const db::Row& row) {
    const auto text = row.text("custom_permissions");
    if (text == "{}") return {};  // true for nearly all roles
    const auto custom = json::Object::parse(text, kCustomLimits);
    if (!custom) throw db::Failure{0, "the custom permissions of role " + row.text("name") + " are damaged"};
    return custom->members();
}

}  // namespace

roles::Role role_from(const db::Row& row) {
    roles::Role role{.name = row.text("name"),
                     .description = row.text("description"),
                     .priority = static_cast<int>(row.integer("priority")),
                     .is_default = row.flag("is_default"),
                     .custom = custom_from(row),
                     .created_at = row.time("role_created_at")};
    for (const auto& named : roles::kFlags)
        role.flags.*named.flag = row.flag(named.name.data());
    return role;
}

}  // namespace csauth::store
