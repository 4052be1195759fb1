#pragma once

#include <string>

#include "db/database.h"
#include "users/user.h"

namespace csauth::store {

/// What user_from() reads, of a table `users u`.
inline const std::string kUserColumns = R"(
    u.id, u.email, u.email_key, u.username, u.full_name, u.bio, u.language, u.avatar, u.hide_presence,
    u.verified_at, u.unverified_since, u.created_at, u.epoch, u.banned_at, u.banned_until, u.ban_reason,
    EXISTS (SELECT 1 FROM devices d WHERE d.user_id = u.id AND d.is_online) AS is_online,
    (SELECT MAX(d.last_seen_at) FROM devices d WHERE d.user_id = u.id) AS last_seen_at)";

/// A ban that has come to its end by `now` is none.
users::User user_from(const db::Row& row, TimePoint now);

}  // namespace csauth::store
