#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "events/rows.h"

namespace csauth::events {

/// The end of the table of events. It gives each event once, also those that become visible after later ones.
/// The streamer's desk uses it, in one thread. Calls throw what the store throws.
class Tail {
public:
    /// `longest_transaction`: a transaction that has not committed its event this long after the number was
    /// assigned never will.
    Tail(Rows& rows, std::chrono::seconds longest_transaction, const Clock& clock)
        : rows_{rows}, longest_{longest_transaction}, clock_{clock} {}

    /// Finds the end of the table; later calls do nothing. Events that are visible by then are never given by
    /// look().
    void begin();

    /// Returns what has become visible since the last look, and what was given before but not taken(). The
    /// result is valid until the next call. `thorough`: also finds events that became visible after later
    /// ones, which costs more.
    const std::vector<Row>& look(bool thorough);

    /// Records that the caller has handled what look() returned, so that it is not given again. A caller that
    /// fails before this gets it again.
    void taken();

    /// Returns the highest number that was taken, or was visible when begin() was called.
    EventId position() const { return position_; }

    /// Returns true if an event concerns the client that asks.
    using Filter = std::function<bool(const Row&)>;

    /// Returns what a client may have missed that has had everything up to `last`: the events that `concerns`
    /// accepts, in the order of their numbers. The client may have had some of them. Returns nullopt if the
    /// events are unknown, because `last` is too old or was never assigned. Also returns nullopt if there are
    /// more than `most`. If memory does not reach back to `last`, events that `concerns` refuses count, too.
    std::optional<std::vector<Row>> missed_since(EventId last, std::size_t most, const Filter& concerns);

private:
    static constexpr std::size_t kRowsATime = 1000;
    static constexpr std::size_t kMostRecent = 20'000;

    void give(std::vector<Row> rows);
    void forget_settled();
    bool remembers_since(EventId last) const;
    std::vector<Row> recent_since(EventId last, const Filter& concerns) const;

    Rows& rows_;
    std::chrono::seconds longest_;
    const Clock& clock_;
    bool has_begun_ = false;
    EventId settled_ = 0;  // no event up to here becomes visible from now on
    EventId newest_ = 0;
    EventId position_ = 0;
    std::map<EventId, std::chrono::milliseconds> given_;  // above settled_, with the uptime when given
    std::vector<Row> pending_;                            // given, but not taken
    std::map<EventId, Row> recent_;                       // the last events: all above recent_from_
    EventId recent_from_ = 0;
};

}  // namespace csauth::events
