#pragma once

#include <optional>
#include <span>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "presence/status.h"

namespace csauth::presence {

/// What the database knows of somebody's presence.
struct Record {
    UserId user;
    bool hides = false;                       ///< their presence from strangers
    Status elsewhere = Status::offline;       ///< of their devices on other nodes, together
    std::optional<TimePoint> last_seen = {};  ///< when they were last seen to go
};

class Presences {
public:
    virtual ~Presences() = default;

    /// Of those among the users that there are, with a confirmed address. At most kMostAsked of them.
    virtual std::vector<Record> of(std::span<const UserId> users) = 0;
};

inline constexpr std::size_t kMostAsked = 500;

}  // namespace csauth::presence
