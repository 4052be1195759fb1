#pragma once

#include <optional>
#include <string>
#include <vector>

#include "accounts/personal_data.h"
#include "audit/audit_log.h"
#include "devices/devices.h"
#include "presence/who_is_online.h"
#include "roles/role.h"
#include "sessions/gate.h"
#include "sessions/session_opener.h"
#include "users/directory.h"
#include "users/user.h"

/// What may leave the service, as JSON. A member that does not stand here does not leave.
namespace csauth::handlers::views {

/// A user as they see themselves.
std::string user(const users::User& user, const std::vector<std::string>& role_names);

/// {user, tokens, permissions, session, message} for one who was just let in.
std::string opened_session(const sessions::OpenedSession& admitted, std::string_view device_key,
                           std::string_view message);

/// The same without what goes into cookies: the tokens, and the key of the device.
std::string opened_session_by_cookie(const sessions::OpenedSession& admitted, std::string_view message);

/// A user as strangers see them.
std::string stranger(const users::User& user);

/// A user as those see them who manage users: with the ban, where there is one.
std::string managed_user(const users::User& user, const std::vector<std::string>& role_names);

/// {id, ban}
std::string ban(const users::User& user);

/// {items, next}
std::string managed_users(const std::vector<users::ListedUser>& users,
                          const std::optional<std::string>& next);

std::string role(const roles::Role& role);

/// {items, next}
std::string roles(const std::vector<roles::Role>& roles);

/// {user_id, roles: [name…]}
std::string roles_of_user(UserId user, const std::vector<roles::Role>& roles);

/// {items, next} of the audit log.
std::string audit_entries(const std::vector<audit::Entry>& entries, const std::optional<std::string>& next);

/// {items, next} of what was done to a user, for their own eyes: others who did something have no name there,
/// and no address.
std::string activity(const std::vector<audit::Entry>& entries, UserId own,
                     const std::optional<std::string>& next);

/// {claims} of a good token: by the names that tokens have, and as they are by now.
std::string checked(std::string_view issuer, const sessions::Checked& token);

/// What RFC 7662 has of a token that is active, beside our own claims.
std::string introspection(std::string_view issuer, std::string_view audience, const sessions::Caller& caller);
std::string inactive();

/// {items, next} of a user's sessions; `current` is the caller's own.
std::string sessions(const std::vector<sessions::Session>& sessions, SessionId current);

/// A device as its user sees it: whether it has a push token, never which.
std::string device(const devices::DeviceRecord& device, DeviceId current);

/// {items, next}
std::string devices(const std::vector<devices::DeviceRecord>& devices, DeviceId current,
                    const std::optional<std::string>& next);

/// {items}: where pushes go, for a notifier.
/// By id: {status, last_seen}.
std::string seen(const std::vector<presence::Seen>& users);

std::string push_targets(const std::vector<devices::PushTarget>& targets);

/// {access, refresh}
std::string token_pair(const sessions::TokenPair& tokens);

/// All that is held about a person.
std::string personal_data(const accounts::PersonalData& data);

/// {message}
std::string message(std::string_view text);

}  // namespace csauth::handlers::views
