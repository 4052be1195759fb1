#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/clock.h"
#include "crypto/hash_turns.h"
#include "shm/region.h"

namespace csauth::limits {

/// The rate of requests, per second, above which one core is left to the processes that do not hash. It is
/// about one request during each hash. With two cores and a flood of sign-ins, 99 % of the other requests are
/// answered within 4 ms instead of 13 ms (`make bench`).
inline constexpr unsigned kRequestsThatNeedACore = 100;

/// Limits concurrent password hashes on this machine to the number of cores, or to one less while other
/// requests need a core (kRequestsThatNeedACore). There is always at least one turn. The processes that are
/// forked after the constructor share it.
///
/// If a process is killed during its turn, a waiting process takes the turn over. Each process must use it
/// from one thread.
class HashTurns final : public crypto::HashTurns {
public:
    static constexpr std::size_t kMost = 256;

    /// `turns`: the number of cores, which is limited to 1 to kMost.
    HashTurns(std::size_t turns, const Clock& clock);

    /// Processes that this one forks from now on cannot see the memory.
    void hide_from_children() const { region_.hide_from_children(); }

    /// Counts a request of a process that does not hash.
    void note_other_request();

    /// Waits until this process has a turn. Waiting processes have no order.
    void take() override;

    /// Returns this process's turn and wakes one waiting process.
    void give_back() override;

    /// Takes a turn without waiting. Returns false if there is none.
    bool try_take();

private:
    struct Shared;

    /// The process ids of the turns' holders; 0 for a free turn.
    std::span<std::atomic<pid_t>> holders() const;
    bool others_need_a_core();
    void free_those_of_the_dead();

    std::size_t turns_;
    const Clock& clock_;
    shm::Region region_;
    Shared* shared_;

    // The last look of this process at the count of other requests.
    std::uint64_t seen_requests_ = 0;
    std::chrono::milliseconds seen_at_{0};
    bool others_need_a_core_ = false;
};

}  // namespace csauth::limits
