#pragma once

#include <optional>
#include <string>
#include <vector>

#include "json/writer.h"
#include "users/directory.h"
#include "users/user.h"

namespace csauth::handlers::views {

/// A user as they see themselves.
std::string user(const users::User& user, const std::vector<std::string>& role_names);
void write_user(json::Writer& json, const users::User& user, const std::vector<std::string>& role_names);

/// A user as other users see them.
std::string stranger(const users::User& user);

/// A user for those who manage users: with the ban, or null.
std::string managed_user(const users::User& user, const std::vector<std::string>& role_names);

/// {items, next}
std::string managed_users(const std::vector<users::ListedUser>& users,
                          const std::optional<std::string>& next);

/// Begins the object of a managed user. The caller may add members, and ends it.
void begin_managed_user(json::Writer& json, const users::User& user,
                        const std::vector<std::string>& role_names);

/// {id, ban}
std::string ban(const users::User& user);

/// Adds the member `ban`.
void write_ban(json::Writer& json, const std::optional<users::Ban>& ban);

}  // namespace csauth::handlers::views
