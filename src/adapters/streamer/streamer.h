#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include <sys/types.h>

#include "base/bell.h"
#include "base/clock.h"
#include "base/outage.h"
#include "presence/table.h"
#include "recall/board.h"
#include "server/process.h"
#include "streamer/desk.h"

namespace csauth::streamer {

/// A user's next stream gets 429.
inline constexpr std::size_t kMostStreamsOfUser = 10;

/// Each stream gets a keep-alive comment this often.
inline constexpr std::chrono::seconds kBeat{15};

/// A connection that has not sent its request by then is closed.
inline constexpr std::chrono::seconds kLongestRequest{5};

/// The session of each stream is looked up in the database this long after the last time. Events and recalls
/// end streams sooner. This look-up finds sessions that have expired, and recalls that the board missed while
/// it was not fed.
inline constexpr std::chrono::minutes kBetweenChecks{5};

/// The limits of the streamer, and whose connections it accepts.
struct Settings {
    std::size_t most_streams;  ///< on this node; the next request gets 503
    std::vector<uid_t> peers;  ///< users that may connect, besides root and our own
};

/// Runs the streamer: holds all live streams of this node in one event loop, until the master closes the
/// lifeline or sends SIGTERM. Then ends all streams, so that clients reconnect to the next streamer, and
/// returns 0 about two seconds later.
///
/// `make_desk` runs in a second thread, which alone uses the desk. An exception from it is thrown here.
/// `board` has ended sessions that no event reports. `news` is rung when events were committed. `database` is
/// told when the desk can't reach the database. All references must outlive the call.
int run(server::Process& process, const Settings& settings,
        const std::function<std::unique_ptr<Desk>()>& make_desk, presence::Table& presence,
        const recall::Board& board, const Bell& news, Outage& database, const Clock& clock);

}  // namespace csauth::streamer
