#pragma once

#include <string>

#include "db/database.h"
#include "roles/role.h"

namespace csauth::store {

/// The columns of a table `roles r` that role_from() reads.
inline const std::string kRoleColumns = R"(
    r.name, r.description, r.priority, r.is_default, r.can_moderate, r.can_manage_users, r.can_manage_roles,
    r.can_delete_messages, r.can_ban_users, r.custom_permissions, r.created_at AS role_created_at)";

/// Returns the role in a row that has kRoleColumns. Throws db::Failure if its custom permissions are damaged.
roles::Role role_from(const db::Row& row);

}  // namespace csauth::store
