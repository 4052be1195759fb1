#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string_view>

#include "base/log.h"

namespace csauth {

/// Keeps a failure that lasts from filling the log: of a database that is away, or of a mail relay. Writes
/// one warning when it begins, one a minute while it lasts, and one when it is over. It may lie in shared
/// memory; then all processes together write these lines once.
class Outage {
public:
    struct Rules {
        std::string_view begun;  ///< the event of the first line and of those while it lasts: "database_away"
        std::string_view ended;  ///< the event of the last line: "database_back"
        /// A success counts once nothing has failed for so long. It must be longer than the pause between two
        /// tries of a process that still fails while others succeed.
        std::chrono::milliseconds settled{0};
        bool reasons_matter = false;  ///< a new reason gets a line of its own
    };

    static constexpr std::chrono::milliseconds kBetweenLines{60'000};

    /// The texts in `rules` are literals.
    explicit Outage(const Rules& rules) : rules_{rules} {}

    /// Notes a failure at `uptime` (Clock::uptime), and writes its line if one is due: `what`, the reason;
    /// `seconds`, how long it has lasted; `failures`, how many there were.
    void failed(const Log& log, std::chrono::milliseconds uptime, std::string_view reason);

    /// Notes a success, and writes the last line if it ends an outage: `seconds`, how long that lasted;
    /// `failures`, how many there were. Costs one load where there is no outage.
    void succeeded(const Log& log, std::chrono::milliseconds uptime);

private:
    using Number = std::atomic<std::int64_t>;
    static_assert(Number::is_always_lock_free);

    Rules rules_;
    Number written_at_ = 0;  ///< the last line, in ms of uptime; 0 while all is well
    Number began_at_ = 0;
    Number failed_at_ = 0;
    Number failures_ = 0;
    std::atomic<std::uint64_t> reason_ = 0;  ///< a hash of the one in the last line
};

}  // namespace csauth
