#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "streamer/event.h"

namespace csauth::streamer {

/// A client that has missed more events than this, on the whole node, is told to start anew.
inline constexpr std::size_t kMostMissedEvents = 5000;

/// Returns what a new stream begins with: how the watched users look, and what its client has missed.
///
/// A client that comes back with the ID of its last event gets the events since then. It is told to start
/// anew instead (`reset`) if these are no longer known, or are more than half of what a stream may have
/// unread. An event that may end the session is left out: it was for the sessions before this one.
///
/// `missed`: the events since `subscription.last_event`, in order, as events::Tail::missed_since() has them;
/// nullopt if that can't be told. `seen`: the watched users at this moment. `position`: the last event that
/// there is. Notes in `subscription` how the users were shown.
std::string catch_up(Subscription& subscription, const std::optional<std::vector<Event>>& missed,
                     const std::vector<presence::Seen>& seen, EventId position, TimePoint now);

}  // namespace csauth::streamer
