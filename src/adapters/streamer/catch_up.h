#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "streamer/event.h"

namespace csauth::streamer {

/// A client that has missed more events than this is told to start anew. If the events have to be read from
/// the database, those of all users count, not only those that concern the client.
inline constexpr std::size_t kMostMissedEvents = 5000;

/// Returns the first events of a new stream: how the watched users look, and what its client has missed.
///
/// A client that comes back with the ID of its last event gets the events since then. It is told to start
/// anew instead (`reset`) in two cases: the events are no longer known, or they are larger than half of
/// kLongestBacklog. An event that may end the session is left out, because this session began after it.
///
/// `missed`: the events since `subscription.last_event`, in order, from events::Tail::missed_since(); nullopt
/// if they are unknown. `seen`: the watched users at this moment. `position`: the newest event. Notes in
/// `subscription` how the users were shown.
std::string catch_up(Subscription& subscription, const std::optional<std::vector<Event>>& missed,
                     const std::vector<presence::Seen>& seen, EventId position, TimePoint now);

}  // namespace csauth::streamer
