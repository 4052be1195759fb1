#pragma once

#include <string>

namespace csauth::store {

/// The condition that a session `s` of the user `u` is live, but for the epochs, which the join compares. Its
/// values: now, twice now less the longest time without use, now.
inline const std::string kIsLive = R"(
        s.ended_at IS NULL AND s.expires_at > ?
        AND (s.refreshed_at > ? OR EXISTS (SELECT 1 FROM session_activity a
                                            WHERE a.session_id = s.id AND a.last_active_at > ?))
        AND (u.banned_at IS NULL OR u.banned_until <= ?))";

}  // namespace csauth::store
