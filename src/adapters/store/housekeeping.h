#pragma once

#include <chrono>
#include <cstdint>

#include "base/clock.h"
#include "base/ids.h"
#include "base/random.h"
#include "db/database.h"

namespace csauth::store {

/// For how long rows are kept that have done their work.
struct Retention {
    std::chrono::hours ended_sessions{3 * 24};
    std::chrono::hours finished_mail{30 * 24};
    std::chrono::hours mail_requests{2 * 24};
    std::chrono::hours one_time_tokens{24};
    std::chrono::hours devices{180 * 24};
    std::chrono::seconds recalls{24 * 60 * 60};
    std::chrono::hours events{1};
};

/// Deletes what has served its time, a few hundred rows a statement, so that nobody waits for it.
class Housekeeping {
public:
    Housekeeping(db::Database& database, Random& random) : db_{database}, owner_{{random.bytes<16>()}} {}

    /// Whether this process may do the work until `until`: of all nodes, one gets true. Committed before it
    /// returns.
    bool take_lease(TimePoint now, TimePoint until);

    /// One small statement per table; says how many rows went. Call it again while that is not 0.
    std::uint64_t sweep(const Retention& retention, TimePoint now);

private:
    /// Takes what is personal of those who have gone out of the audit log.
    std::uint64_t erase_traces(TimePoint now);
    std::uint64_t erase_traces_of(UserId user, EntryId from);

    /// What was seen of sessions that are no more, a part of the table at a time.
    std::uint64_t sweep_events(TimePoint before);
    std::uint64_t sweep_activity();

    db::Database& db_;
    Uuid owner_;
    SessionId activity_swept_to_ = {};
};

}  // namespace csauth::store
