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

inline constexpr std::size_t kMostStreamsOfUser = 10;

/// Something is said to everybody who listens at least this often.
inline constexpr std::chrono::seconds kBeat{15};

/// A connection that has not sent its request by then is closed.
inline constexpr std::chrono::seconds kLongestRequest{5};

/// The session of each stream is looked up in the database this long after the last time. Events and recalls
/// end streams sooner; this finds sessions that expire, and what a recall board missed while it was not fed.
inline constexpr std::chrono::minutes kBetweenChecks{5};

struct Settings {
    std::size_t most_streams;
    std::vector<uid_t> peers;  ///< who may connect, besides root and ourselves
};

/// Holds every live stream of this node in one event loop, until the master wants it to leave. `make_desk`
/// runs in the one thread that uses what it makes. `board` tells of ended sessions that no event tells of.
/// `database` learns when the desk can't reach it.
int run(server::Process& process, const Settings& settings,
        const std::function<std::unique_ptr<Desk>()>& make_desk, presence::Table& presence,
        const recall::Board& board, const Bell& news, Outage& database, const Clock& clock);

}  // namespace csauth::streamer
