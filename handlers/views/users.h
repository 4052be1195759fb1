#pragma once

#include <optional>
#include <string>
#include <vector>

#include "json/writer.h"
#include "users/directory.h"
#include "users/user.h"

namespace csauth::handlers::views {

/// Returns a user as they see their own account.
std::string user(const users::User& user, const std::vector<std::string>& role_names);

/// Writes the object of user().
void write_user(json::Writer& json, const users::User& user, const std::vector<std::string>& role_names);

/// Returns a user as other users see them. `is_online` and `last_seen` are left out if the user hides their
/// presence.
std::string stranger(const users::User& user);

/// Returns a user for callers with can_manage_users: the members of user(), and `ban`.
std::string managed_user(const users::User& user, const std::vector<std::string>& role_names);

/// Returns {items, next} with managed users. `next`: the cursor of the next page; nullopt becomes null.
std::string managed_users(const std::vector<users::ListedUser>& users,
                          const std::optional<std::string>& next);

/// Begins the object of managed_user(). The caller may add members, and must end the object.
void begin_managed_user(json::Writer& json, const users::User& user,
                        const std::vector<std::string>& role_names);

/// Returns {id, ban}, for callers with can_ban_users alone.
std::string ban(const users::User& user);

/// Adds the member `ban`, {reason, until}, to the open object; null if there is no ban.
void write_ban(json::Writer& json, const std::optional<users::Ban>& ban);

}  // namespace csauth::handlers::views
