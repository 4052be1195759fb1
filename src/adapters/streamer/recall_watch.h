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
/// settled (recall::kSettled). That makes seven look-ups by a stream for each recall.
class RecallWatch {
public:
    /// The pause between the first look-up for a recall and the second. Each further pause is twice as long.
    static constexpr std::chrono::seconds kFirstPause{1};

    RecallWatch() = default;
    /// `looked_up_at`: when the database was asked whether the session is live.
    explicit RecallWatch(TimePoint looked_up_at) : looked_up_at_{looked_up_at} {}

    /// Returns true if the board has a recall that the last look-up may have missed. The caller then looks
    /// the session up, and calls looked_up() if the database has answered. Ignores whether the board is
    /// stale. `uptime` is Clock::uptime().
    bool must_look_up(const recall::Board& board, const Subscription& stream,
                      std::chrono::milliseconds uptime);

    /// Notes that the session is live, according to an answer of the database. `asked_at`: when it was asked.
    void looked_up(TimePoint asked_at);

private:
    TimePoint looked_up_at_ = {};
    TimePoint newest_ = {};  ///< the newest recall that must_look_up() has returned true for
    std::chrono::milliseconds pause_{0};
    std::chrono::milliseconds next_{0};  ///< the uptime at which the look-up for that recall is repeated
};

}  // namespace csauth::streamer
