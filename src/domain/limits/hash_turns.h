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

/// While more requests a second than this come to the processes that do not hash, one core is left to them:
/// it is about one during each hash. On two cores, under a flood of sign-ins, they have their answers in 4 ms
/// (p99) then, and in 13 without; a sign-in is hashed as fast as before, and fewer at once (`make bench`).
inline constexpr unsigned kRequestsThatNeedACore = 100;

/// As many processes of one machine hash at once as it has cores, or one less: shared by the processes that
/// are forked after this is made.
///
/// Whoever is killed during their turn loses it to the next.
class HashTurns final : public crypto::HashTurns {
public:
    static constexpr std::size_t kMost = 256;

    /// `turns`: how many cores there are; more than kMost count as so many.
    HashTurns(std::size_t turns, const Clock& clock);

    /// A process that this one forks from now on does not have them.
    void hide_from_children() const { region_.hide_from_children(); }

    /// A process that does not hash has a request.
    void note_other_request();

    void take() override;
    void give_back() override;

    /// take() without the wait: false when it is not our turn.
    bool try_take();

private:
    struct Shared;

    /// Whose turns they are: process ids, 0 for nobody.
    std::span<std::atomic<pid_t>> holders() const;
    bool others_need_a_core();
    void free_those_of_the_dead();

    std::size_t turns_;
    const Clock& clock_;
    shm::Region region_;
    Shared* shared_;

    // What this process has last seen of the other requests.
    std::uint64_t seen_requests_ = 0;
    std::chrono::milliseconds seen_at_{0};
    bool others_need_a_core_ = false;
};

}  // namespace csauth::limits
