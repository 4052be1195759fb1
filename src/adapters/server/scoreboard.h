#pragma once

#include <sys/types.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "shm/region.h"

namespace csauth::server {

enum class SlotState : std::uint32_t { free, starting, idle, busy, leaving };

/// What one process says of itself, and what its master reads. Lives in memory that both share.
struct Slot {
    std::atomic<pid_t> pid{0};
    std::atomic<SlotState> state{SlotState::free};
    /// When the master kills this process, in steady-clock nanoseconds; 0: never.
    std::atomic<std::int64_t> deadline{0};
    std::atomic<std::uint64_t> served{0};
    /// The id of the request that runs; for the log of a process that had to be killed.
    std::array<std::atomic<char>, 33> request_id{};

    void set_deadline(std::chrono::steady_clock::duration from_now);
    void clear_deadline() { deadline.store(0); }
    bool is_overdue() const;
    void set_request_id(std::string_view id);
    std::string current_request_id() const;
};

/// The processes of one master: a fixed number of slots in anonymous shared memory, mapped before the fork.
class Scoreboard {
public:
    static constexpr std::size_t kSlots = 1024;  // both generations of a reload at the most workers

    Scoreboard();

    std::span<Slot> slots() { return {slots_, kSlots}; }

    /// A process that this one forks from now on does not have it.
    void hide_from_children() const;

    /// A free slot, marked as starting. Throws when there is none.
    Slot& claim();
    static void release(Slot& slot);

private:
    shm::Region region_;
    Slot* slots_;
};

}  // namespace csauth::server
