#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "json/writer.h"
#include "sessions/session_opener.h"
#include "sessions/sessions.h"

namespace csauth::handlers::views {

/// {user, tokens, permissions, session, message} for a user who has just signed in.
std::string opened_session(const sessions::OpenedSession& opened, std::string_view device_key,
                           std::string_view message);

/// The same without what goes into cookies: the tokens and the key of the device.
std::string opened_session_by_cookie(const sessions::OpenedSession& opened, std::string_view message);

/// {items, next} of a user's sessions; `current` is the caller's own.
std::string sessions(const std::vector<sessions::Session>& sessions, SessionId current);

/// Begins the object of a session. `device_key` is a member unless it is empty. The caller may add members,
/// and ends the object.
void begin_session(json::Writer& json, const sessions::Session& session, std::string_view device_key = {});

/// {access, refresh}
std::string token_pair(const sessions::TokenPair& tokens);

}  // namespace csauth::handlers::views
