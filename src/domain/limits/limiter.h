#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "limits/limit.h"
#include "shm/region.h"

namespace csauth::limits {

/// Returns the key by which a client's address is counted. An IPv4 address is its own key, also if it is
/// mapped into IPv6. IPv6 addresses count by /64, which is what one customer has.
std::string address_key(std::string_view ip);

/// The counters of one machine, shared by the processes that are forked after the constructor. It is a
/// count-min sketch: its size is fixed for any number of accounts and addresses. Keys may share counters, so
/// a key may be counted too high and wait longer, but never too low. A restart forgets all counts.
class Counters {
public:
    static constexpr std::size_t kRows = 4;

    explicit Counters(Random& random);

    /// Processes that this one forks from now on cannot see the memory.
    void hide_from_children() const;

    /// The changes of one take(), by row of the sketch.
    struct Receipt {
        Limit limit;
        std::string key;
        std::array<std::uint64_t, kRows> before;  ///< the cells, bit by bit
        std::array<std::uint64_t, kRows> after;
        std::array<bool, kRows> raised;
    };

    /// Counts an attempt, or returns how long the key has to wait and counts nothing. Reading and counting
    /// are one step under a lock, so parallel attempts cannot exceed the rate. `uptime` is Clock::uptime().
    std::variant<Receipt, std::chrono::milliseconds> take(Limit limit, std::string_view key,
                                                          std::chrono::milliseconds uptime);

    /// Undoes one take(). If another take() has changed a cell since, only subtracts one attempt from it.
    void give_back(const Receipt& receipt);

private:
    struct Shared;
    shm::Region region_;
    Shared* shared_;
};

/// An attempt that was counted before it was made. It stays counted unless forgive() is called. Counters must
/// outlive it.
class Attempt {
public:
    Attempt() = default;
    Attempt(Counters& counters, Counters::Receipt receipt)
        : counters_{&counters}, receipt_{std::move(receipt)} {}

    /// Takes the attempt out of the count, because it succeeded. A second call has no effect.
    void forgive();

private:
    Counters* counters_ = nullptr;
    std::optional<Counters::Receipt> receipt_;
};

/// Slows guessing down. It locks no account for good, and no process waits: a caller that is too early learns
/// how long to wait.
class Limiter {
public:
    /// `counters`: null switches limits off, so that each attempt passes.
    Limiter(Counters* counters, const Clock& clock) : counters_{counters}, clock_{clock} {}

    /// Counts an attempt. Call it before the expensive step.
    /// `too_many_requests`: with `retry_after`, rounded up to seconds. The attempt is not counted then.
    Result<Attempt> attempt(Limit limit, std::string_view key);

private:
    Counters* counters_;
    const Clock& clock_;
};

}  // namespace csauth::limits
