#pragma once

#include <string>

#include "base/clock.h"
#include "db/database.h"
#include "presence/table.h"
#include "store/presence_sql.h"
#include "users/user.h"

namespace csauth::store {

/// The columns of a table `users u` that account_from() reads.
inline const std::string kAccountColumns = R"(
    u.id, u.email, u.email_key, u.username, u.full_name, u.bio, u.language, u.avatar, u.hide_presence,
    u.verified_at IS NOT NULL AS is_verified,
    u.unverified_since IS NULL OR u.unverified_since > u.created_at AS was_ever_verified,
    u.created_at, u.epoch, u.banned_at, u.banned_until, u.ban_reason)";

/// The columns of a table `users u` that user_from() reads. `vouched_at` is the last time that a node renewed
/// the lease of the user's devices; NULL if the user is invisible.
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

/// Answers which users are present on this node. A default-constructed object, for a process without the
/// table, answers that all are offline.
class HereOnThisNode {
public:
    HereOnThisNode() = default;
    HereOnThisNode(const presence::Table& table, const Clock& clock) : table_{&table}, clock_{&clock} {}

    /// Returns the status of the user's devices on this node; offline if there are none.
    presence::Status status_of(UserId user) const {
        return table_ == nullptr ? presence::Status::offline : table_->status_of(user, clock_->uptime());
    }

    /// Returns true if it is known that no other node runs.
    bool is_alone() const { return table_ != nullptr && table_->is_alone(clock_->uptime()); }

private:
    const presence::Table* table_ = nullptr;
    const Clock* clock_ = nullptr;
};

/// Returns the user without presence, from a row with kAccountColumns. A ban that has ended by `now` is left
/// out.
users::User account_from(const db::Row& row, TimePoint now);

/// Returns the user with presence, from a row with kUserColumns. Combines the devices on all nodes, and those
/// of `here`.
users::User user_from(const db::Row& row, TimePoint now, const HereOnThisNode& here);

}  // namespace csauth::store
