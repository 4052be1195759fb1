#include "store/roles.h"

#include "json/object.h"

namespace csauth::store {
namespace {

// design.md 8: an object of at most 8 KiB and depth 4, which was looked at before it was stored.
constexpr json::Limits kCustomLimits{.bytes = 8 * 1024, .depth = 4, .members = 512};

roles::Role role_from(const db::Row& row) {
    roles::Role role{.name = row.text("name"),
                     .priority = static_cast<int>(row.integer("priority")),
                     .flags = {.can_moderate = row.flag("can_moderate"),
                               .can_manage_users = row.flag("can_manage_users"),
                               .can_manage_roles = row.flag("can_manage_roles"),
                               .can_delete_messages = row.flag("can_delete_messages"),
                               .can_ban_users = row.flag("can_ban_users")}};
    const auto custom = json::Object::parse(row.text("custom_permissions"), kCustomLimits);
    if (!custom) throw db::Failure{0, "the custom permissions of role " + role.name + " are damaged"};
    role.custom = custom->members();
    return role;
}

}  // namespace

std::vector<roles::Role> Roles::held_by(UserId user) {
    return db_.find_all([](db::Row& row) { return role_from(row); }, R"(
        SELECT r.name, r.priority, r.can_moderate, r.can_manage_users, r.can_manage_roles, r.can_delete_messages,
               r.can_ban_users, r.custom_permissions
          FROM user_roles h JOIN roles r ON r.name = h.role_name
         WHERE h.user_id = ?
         ORDER BY r.priority DESC, r.name)",
                        {user});
}

void Roles::grant_defaults(UserId user, TimePoint now) {
    db_.execute(R"(
        INSERT INTO user_roles (user_id, role_name, granted_at)
        SELECT ?, name, ? FROM roles WHERE is_default)",
                {user, now});
}

}  // namespace csauth::store
