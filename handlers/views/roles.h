#pragma once

#include <string>
#include <vector>

#include "base/ids.h"
#include "json/writer.h"
#include "roles/role.h"

namespace csauth::handlers::views {

std::string role(const roles::Role& role);

/// {items, next}
std::string roles(const std::vector<roles::Role>& roles);

/// Begins the object of a role. The caller may add members, and ends it.
void begin_role(json::Writer& json, const roles::Role& role);

/// {user_id, roles: [name…]}
std::string roles_of_user(UserId user, const std::vector<roles::Role>& roles);

/// An object with a member for each flag and each custom permission.
void write_permissions(json::Writer& json, const roles::Permissions& permissions);

}  // namespace csauth::handlers::views
