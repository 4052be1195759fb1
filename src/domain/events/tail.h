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

/// The end of the table of events: gives each event once, also those that become visible behind later ones.
class Tail {
public:
    /// `longest_transaction`: who has a number for longer than this will not commit it any more.
    Tail(Rows& rows, std::chrono::seconds longest_transaction, const Clock& clock)
        : rows_{rows}, longest_{longest_transaction}, clock_{clock} {}

    /// Finds out where the end is, once: what is there by then is given to nobody.
    void begin();

    /// What has become visible since the last look, and what was given before without having been taken().
    /// `thorough`: also late ones; it costs more.
    const std::vector<Row>& look(bool thorough);

    /// Nothing of it is given again. A look that breaks off has lost nothing.
    void taken();

    /// The highest number that was taken.
    EventId position() const { return position_; }

    using Filter = std::function<bool(const Row&)>;

    /// What a client may have missed that has had everything up to `last`, and perhaps more, in the order of
    /// numbers, of what concerns it; nothing where that can't be told, or is more than `most`.
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
    EventId settled_ = 0;  // up to here none comes any more
    EventId newest_ = 0;
    EventId position_ = 0;
    std::map<EventId, std::chrono::milliseconds> given_;  // above settled_, with the uptime then
    std::vector<Row> pending_;                            // given, not yet taken
    std::map<EventId, Row> recent_;                       // the last that there were: all above recent_from_
    EventId recent_from_ = 0;
};

}  // namespace csauth::events
