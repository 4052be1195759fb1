#pragma once

#include <functional>
#include <string>

#include "db/database.h"
#include "presence/status.h"
#include "users/user.h"

namespace csauth::store {

/// What user_from() reads, of a table `users u`. Of others' presence, the last time that the node of a
/// visible device has vouched for it.
inline const std::string kUserColumns = R"(
    u.id, u.email, u.email_key, u.username, u.full_name, u.bio, u.language, u.avatar, u.hide_presence,
    u.verified_at, u.unverified_since, u.created_at, u.epoch, u.banned_at, u.banned_until, u.ban_reason,
    (SELECT IF(MIN(p.status) = 1, NULL, MAX(n.renewed_at))
       FROM presence p JOIN nodes n ON n.node_id = p.node_id
      WHERE p.user_id = u.id) AS vouched_at,
    (SELECT s.seen_at FROM last_seen s WHERE s.user_id = u.id) AS went_at,
    COALESCE((SELECT IF(MIN(p.status) = 1, 1, MAX(p.status))
                FROM presence p JOIN nodes n ON n.node_id = p.node_id
               WHERE p.user_id = u.id AND n.renewed_at > UTC_TIMESTAMP(6) - INTERVAL 60 SECOND), 0) AS status)";

/// How the user is there on this node; empty for a process that does not know.
using HereOnThisNode = std::function<presence::Status(UserId)>;

/// A ban that has come to its end by `now` is none.
users::User user_from(const db::Row& row, TimePoint now, const HereOnThisNode& here);

}  // namespace csauth::store
