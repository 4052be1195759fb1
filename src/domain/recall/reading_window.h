#pragma once

#include <chrono>
#include <optional>

namespace csauth::recall {

/// How far back the follower reads the table of recalls. Rows do not become visible in the order of their
/// times: a transaction may commit long after it wrote its row. So each reading goes back a little, and every
/// few seconds one goes back as far as the longest transaction. Used by one thread.
class ReadingWindow {
public:
    /// How far each reading goes back beyond the start of the previous one.
    static constexpr std::chrono::milliseconds kOverlap{2000};

    /// The time between two readings that go back as far as the longest transaction.
    static constexpr std::chrono::milliseconds kBetweenSweeps{5000};

    /// `lifetime`: how long a recall concerns tokens; no reading goes back further. `longest_transaction`:
    /// how long a row may stay invisible.
    ReadingWindow(std::chrono::milliseconds lifetime, std::chrono::milliseconds longest_transaction)
        : lifetime_{lifetime}, longest_transaction_{longest_transaction} {}

    /// Returns how far back to read at `uptime`. The first reading covers the whole lifetime.
    std::chrono::milliseconds at(std::chrono::milliseconds uptime) const;

    /// Records that the reading begun at `uptime` succeeded. Without this call the next reading also covers
    /// the time of this one.
    void has_read(std::chrono::milliseconds uptime);

private:
    bool is_sweep(std::chrono::milliseconds uptime) const;

    std::chrono::milliseconds lifetime_;
    std::chrono::milliseconds longest_transaction_;
    std::optional<std::chrono::milliseconds> read_at_;
    std::chrono::milliseconds swept_at_{0};
};

}  // namespace csauth::recall
