#pragma once

#include <chrono>

#include "base/clock.h"
#include "recall/board.h"
#include "streamer/event.h"

namespace csauth::streamer {

/// Decides when a recall makes it necessary to look up a stream's session in the database. Each stream has
/// one; the thread of the streams calls it once a second.
///
/// A recall is posted before its transaction is committed, so the first look-up after it may still find what
/// was true before. The look-up is therefore repeated after pauses of 1, 2, 4, … seconds until the recall is
/// settled (recall::kSettled): seven look-ups of a stream for each recall.
class RecallWatch {
public:
    static constexpr std::chrono::seconds kFirstPause{1};

    RecallWatch() = default;
    explicit RecallWatch(TimePoint looked_up_at) : looked_up_at_{looked_up_at} {}

    /// Returns true if the board has a recall that the last look-up may not have seen. The caller then looks
    /// the session up, and calls looked_up() if the database has answered. Only what the board knows counts,
    /// not whether it is stale.
    bool must_look_up(const recall::Board& board, const Subscription& stream,
                      std::chrono::milliseconds uptime);

    /// The database was asked at this moment, and the session is live.
    void looked_up(TimePoint asked_at);

private:
    TimePoint looked_up_at_ = {};
    TimePoint newest_ = {};  ///< the newest recall that must_look_up() has returned true for
    std::chrono::milliseconds pause_{0};
    std::chrono::milliseconds next_{0};  ///< of uptime: when the look-up for that recall is repeated
};

}  // namespace csauth::streamer
