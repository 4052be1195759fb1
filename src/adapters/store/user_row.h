#pragma once

#include <string>

#include "base/clock.h"
#include "db/database.h"
#include "presence/table.h"
#include "store/presence_sql.h"
#include "users/user.h"

namespace csauth::store {

/// What account_from() reads, of a table `users u`.
inline const std::string kAccountColumns = R"(
    u.id, u.email, u.email_key, u.username, u.full_name, u.bio, u.language, u.avatar, u.hide_presence,
    u.verified_at IS NOT NULL AS is_verified,
    u.unverified_since IS NULL OR u.unverified_since > u.created_at AS was_ever_verified,
    u.created_at, u.epoch, u.banned_at, u.banned_until, u.ban_reason)";

/// What user_from() reads. Of others' presence, the last time that the node of a visible device has vouched
/// for it.
inline const std::string kUserColumns = kAccountColumns + R"(,
    (SELECT IF(MIN(p.status) = )" + kInvisible +
                                        R"(, NULL, MAX(n.renewed_at))
       FROM presence p JOIN nodes n ON n.node_id = p.node_id
      WHERE p.user_id = u.id) AS vouched_at,
    (SELECT s.seen_at FROM last_seen s WHERE s.user_id = u.id) AS went_at,
    COALESCE((SELECT )" + kTogether + R"(
                FROM presence p JOIN nodes n ON n.node_id = p.node_id
               WHERE p.user_id = u.id AND )" +
                                        kNodeIsThere + "), 0) AS status";

/// Who is there on this node; for a process that does not know, nobody.
class HereOnThisNode {
public:
    HereOnThisNode() = default;
    HereOnThisNode(const presence::Table& table, const Clock& clock) : table_{&table}, clock_{&clock} {}

    presence::Status status_of(UserId user) const {
        return table_ == nullptr ? presence::Status::offline : table_->status_of(user, clock_->uptime());
    }

    /// Whether it is known that no other node is there.
    bool is_alone() const { return table_ != nullptr && table_->is_alone(clock_->uptime()); }

private:
    const presence::Table* table_ = nullptr;
    const Clock* clock_ = nullptr;
};

/// The user, but for their presence. A ban that has come to its end by `now` is none.
users::User account_from(const db::Row& row, TimePoint now);

users::User user_from(const db::Row& row, TimePoint now, const HereOnThisNode& here);

}  // namespace csauth::store
