#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string_view>

#include "base/log.h"

namespace csauth {

/// Keeps a lasting failure, such as a database that is away, from filling the log. Writes one warning when
/// the outage begins, one a minute while it lasts, and one when it is over.
///
/// It may be in shared memory. Then all processes together write each of these lines once.
class Outage {
public:
    struct Rules {
        std::string_view begun;  ///< the event of every line but the last: "database_away"
        std::string_view ended;  ///< the event of the last line: "database_back"
        /// A success ends the outage only if nothing has failed for this long. It must be longer than the
        /// pause between two tries of a process that still fails while others succeed.
        std::chrono::milliseconds settled{0};
        bool reasons_matter = false;  ///< true: a new reason gets a line at once
    };

    static constexpr std::chrono::milliseconds kBetweenLines{60'000};

    /// The texts in `rules` must be literals.
    explicit Outage(const Rules& rules) : rules_{rules} {}

    /// Notes a failure at `uptime` (Clock::uptime), and writes a line if one is due. Its fields: `what`, the
    /// reason; `seconds`, how long the outage has lasted; `failures`, how many there were.
    void failed(const Log& log, std::chrono::milliseconds uptime, std::string_view reason);

    /// Notes a success, and writes the last line if this ends an outage. Its fields: `seconds`, from the
    /// first failure to the last; `failures`, how many there were. Costs one load if there is no outage.
    void succeeded(const Log& log, std::chrono::milliseconds uptime);

private:
    using Number = std::atomic<std::int64_t>;
    static_assert(Number::is_always_lock_free);

    Rules rules_;
    Number written_at_ = 0;  ///< when the last line was written, in ms of uptime; 0: no outage
    Number began_at_ = 0;
    Number failed_at_ = 0;
    Number failures_ = 0;
    std::atomic<std::uint64_t> reason_ = 0;  ///< a hash of the reason in the last line
};

}  // namespace csauth
