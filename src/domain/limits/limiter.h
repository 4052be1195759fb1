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

/// How a client's address is counted: IPv4 as it is, also when it comes mapped into IPv6; IPv6 by /64, which
/// is what one customer has.
std::string address_key(std::string_view ip);

/// The counters of one machine, shared by the processes that are forked after this is made: a count-min
/// sketch, of fixed size for any number of accounts and addresses. Two keys may share counters, so that one
/// waits for the other; never is a key counted too low. Empty at the start.
class Counters {
public:
    static constexpr std::size_t kRows = 4;

    explicit Counters(Random& random);

    /// A process that this one forks from now on does not have them.
    void hide_from_children() const;

    /// What one take() has changed.
    struct Receipt {
        Limit limit;
        std::string key;
        std::array<std::uint64_t, kRows> before;
        std::array<std::uint64_t, kRows> after;
        std::array<bool, kRows> raised;
    };

    /// Counts an attempt, if the key need not wait; else says for how long. However many processes ask at
    /// once, no more get through than one after the other would.
    std::variant<Receipt, std::chrono::milliseconds> take(Limit limit, std::string_view key,
                                                          std::chrono::milliseconds uptime);

    /// Takes back what one take() has counted: it is as if it had not been, unless another has come
    /// meanwhile.
    void give_back(const Receipt& receipt);

private:
    struct Shared;
    shm::Region region_;
    Shared* shared_;
};

/// An attempt that was counted before it was made. It stays counted unless it is forgiven.
class Attempt {
public:
    Attempt() = default;
    Attempt(Counters& counters, Counters::Receipt receipt)
        : counters_{&counters}, receipt_{std::move(receipt)} {}

    void forgive();

private:
    Counters* counters_ = nullptr;
    std::optional<Counters::Receipt> receipt_;
};

/// Slows guessing down. Nobody is locked out for good, and no process waits: who comes too soon is told when
/// to come back.
class Limiter {
public:
    /// `counters`: nothing where limits are switched off.
    Limiter(Counters* counters, const Clock& clock) : counters_{counters}, clock_{clock} {}

    /// too_many_requests, with the time to wait.
    Result<Attempt> attempt(Limit limit, std::string_view key);

private:
    Counters* counters_;
    const Clock& clock_;
};

}  // namespace csauth::limits
