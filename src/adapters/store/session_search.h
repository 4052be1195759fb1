#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/address_range.h"
#include "base/ids.h"
#include "db/database.h"

namespace csauth::store {

/// Which live sessions are meant; what is nothing does not matter.
struct SessionFilter {
    std::optional<UserId> user = {};
    std::optional<std::string> role = {};
    std::optional<AddressRange> address = {};
    std::optional<TimePoint> created_before = {};
};

/// A session as an administrator sees it.
struct FoundSession {
    SessionId id;
    UserId user;
    std::string username;
    std::string ip;
    std::string user_agent;
    TimePoint created_at;
};

/// Sessions across all users, for administration: a part of the table at a time, so that nobody waits for it.
class SessionSearch {
public:
    SessionSearch(db::Database& database, std::chrono::seconds idle) : db_{database}, idle_{idle} {}

    /// Those among the next rows behind `after` that are meant; moves `after` on. Nothing when there are no
    /// more rows.
    std::optional<std::vector<FoundSession>> next(const SessionFilter& filter, SessionId& after,
                                                  TimePoint now);

    /// Ends sessions without telling anybody, and spends one-time tokens: at most a few hundred of each; says
    /// how many. For when everyone is recalled. Call it until that is 0.
    std::uint64_t end_some(TimePoint opened_before, TimePoint now);

private:
    db::Database& db_;
    std::chrono::seconds idle_;
};

}  // namespace csauth::store
