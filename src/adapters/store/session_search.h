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

/// Selects live sessions. A member that is nullopt does not restrict the selection.
struct SessionFilter {
    std::optional<UserId> user = {};
    std::optional<std::string> role = {};  ///< the name of a role that the user has
    std::optional<AddressRange> address = {};
    std::optional<TimePoint> created_before = {};
};

/// A session as csauthctl shows it.
struct FoundSession {
    SessionId id;
    UserId user;
    std::string username;
    std::string ip;
    std::string user_agent;
    TimePoint created_at;
};

/// Finds and ends sessions of all users, for csauthctl. Each call handles a part of the table, so that no
/// request waits for it.
class SessionSearch {
public:
    /// `idle`: how long a session lives without use.
    SessionSearch(db::Database& database, std::chrono::seconds idle) : db_{database}, idle_{idle} {}

    /// Returns the next sessions with an id above `after`, at most 500, and sets `after` to where to go on.
    /// The result may be empty although more follow. Returns nullopt when no more sessions follow. Begin with
    /// an id of zeros.
    std::optional<std::vector<FoundSession>> next(const SessionFilter& filter, SessionId& after,
                                                  TimePoint now);

    /// Ends sessions and spends one-time tokens that were made no later than `opened_before`: at most 500 of
    /// each. Writes no recalls and no events, so use it after everyone was recalled. Returns how many rows it
    /// changed. Call it until it returns 0.
    std::uint64_t end_some(TimePoint opened_before, TimePoint now);

private:
    db::Database& db_;
    std::chrono::seconds idle_;
};

}  // namespace csauth::store
