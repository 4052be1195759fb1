#pragma once

#include <chrono>
#include <cstdint>

#include "base/clock.h"
#include "base/ids.h"
#include "base/random.h"
#include "db/database.h"

namespace csauth::store {

/// How long rows are kept after they are of use.
struct Retention {
    std::chrono::hours ended_sessions{3 * 24};   ///< after they ended or expired
    std::chrono::hours finished_mail{30 * 24};   ///< after they were sent or given up
    std::chrono::hours mail_requests{2 * 24};    ///< after they were handled
    std::chrono::hours one_time_tokens{24};      ///< after they expired
    std::chrono::hours devices{180 * 24};        ///< after the last sign-in, if no session is left
    std::chrono::seconds recalls{24 * 60 * 60};  ///< after they were posted
    std::chrono::hours events{1};                ///< after they were written
};

/// Deletes rows that are no longer of use, a few hundred in each statement, so that no request waits for it.
/// The keeper of one node uses it, with the keeper's database account.
class Housekeeping {
public:
    Housekeeping(db::Database& database, Random& random) : db_{database}, owner_{{random.bytes<16>()}} {}

    /// Takes or renews the lease on the work. Returns true if this process may do it until `until`. Only one
    /// node at a time gets true. Committed before it returns; call it outside a transaction.
    bool take_lease(TimePoint now, TimePoint until);

    /// Runs a few small statements for each table, each in a transaction of its own. Returns how many rows
    /// were deleted or erased. Call it again until it returns 0.
    std::uint64_t sweep(const Retention& retention, TimePoint now);

private:
    /// Erases personal data of deleted users from the audit log.
    std::uint64_t erase_traces(TimePoint now);
    std::uint64_t erase_traces_of(UserId user, EntryId from);

    std::uint64_t sweep_events(TimePoint before);

    /// Deletes activity of sessions that no longer exist. Goes through a part of the table each time.
    std::uint64_t sweep_activity();

    db::Database& db_;
    Uuid owner_;
    SessionId activity_swept_to_ = {};
};

}  // namespace csauth::store
