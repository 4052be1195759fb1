#pragma once

#include <string>
#include <vector>

#include "base/ids.h"
#include "json/writer.h"
#include "roles/role.h"

namespace csauth::handlers::views {

/// Returns the object of a role.
std::string role(const roles::Role& role);

/// Returns {items, next} with all roles; `next` is null.
std::string roles(const std::vector<roles::Role>& roles);

/// Begins the object of a role. The caller may add members, and must end the object.
void begin_role(json::Writer& json, const roles::Role& role);

/// Returns {user_id, roles: [name…]}.
std::string roles_of_user(UserId user, const std::vector<roles::Role>& roles);

/// Writes an object with a member for each flag and each custom permission.
void write_permissions(json::Writer& json, const roles::Permissions& permissions);

}  // namespace csauth::handlers::views
