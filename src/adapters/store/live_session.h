#pragma once

#include <string>

namespace csauth::store {

/// The SQL condition that a session `s` of the user `u` is live. The join must compare the epochs. Bind four
/// values: now, twice `now` minus the longest time without use, and now.
inline const std::string kIsLive = R"(
        s.ended_at IS NULL AND s.expires_at > ?
        AND (s.refreshed_at > ? OR EXISTS (SELECT 1 FROM session_activity a
                                            WHERE a.session_id = s.id AND a.last_active_at > ?))
        AND (u.banned_at IS NULL OR u.banned_until <= ?))";

}  // namespace csauth::store
