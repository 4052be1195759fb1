#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "json/writer.h"
#include "sessions/session_opener.h"
#include "sessions/sessions.h"

namespace csauth::handlers::views {

/// Returns {user, tokens, permissions, session, message} for a user who has just signed in. No permission is
/// true until the address is confirmed.
std::string opened_session(const sessions::OpenedSession& opened, std::string_view device_key,
                           std::string_view message);

/// Returns the same without the parts that go into cookies: the tokens and the device key.
std::string opened_session_by_cookie(const sessions::OpenedSession& opened, std::string_view message);

/// Returns {items, next} with all live sessions of a user; `next` is null. `current`: the caller's own
/// session.
std::string sessions(const std::vector<sessions::Session>& sessions, SessionId current);

/// Begins the object of a session. Leaves out an empty `device_key`. The caller may add members, and must end
/// the object.
void begin_session(json::Writer& json, const sessions::Session& session, std::string_view device_key = {});

/// Returns {access, refresh}.
std::string token_pair(const sessions::TokenPair& tokens);

}  // namespace csauth::handlers::views
