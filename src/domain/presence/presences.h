#pragma once

#include <optional>
#include <span>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "presence/status.h"

namespace csauth::presence {

/// What the database knows about the presence of a user.
struct Record {
    UserId user;
    bool hides = false;                       ///< the user hides their presence from strangers
    Status elsewhere = Status::offline;       ///< of the devices on other nodes, together
    std::optional<TimePoint> last_seen = {};  ///< when they last went offline; nullopt if that was never seen
};

/// The presence of users as the database has it.
class Presences {
public:
    virtual ~Presences() = default;

    /// Returns a record for each of the users who exists and has a confirmed address, in any order. `users`:
    /// at most kMostAsked.
    virtual std::vector<Record> of(std::span<const UserId> users) = 0;
};

/// The most users whose presence may be asked for at once.
inline constexpr std::size_t kMostAsked = 500;

}  // namespace csauth::presence
