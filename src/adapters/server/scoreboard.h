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

/// The state of a slot. A process is ready for the master once it has left `starting`.
enum class SlotState : std::uint32_t { free, starting, idle, busy, leaving };

/// The state of one process, in memory that it shares with the master. The process writes it, and the master
/// reads it. Only the master sets `pid`, and claims and releases slots.
struct Slot {
    std::atomic<pid_t> pid{0};  ///< 0 if the slot is free, and for a moment after the fork
    std::atomic<SlotState> state{SlotState::free};
    /// When the master kills this process, in nanoseconds of the steady clock; 0: never.
    std::atomic<std::int64_t> deadline{0};
    std::atomic<std::uint64_t> served{0};  ///< requests that this process has served
    /// The id of the last request that this process has begun, for the log of a process that was killed.
    std::array<std::atomic<char>, 33> request_id{};

    /// Has the master kill this process if it does not clear or renew the deadline in time.
    void set_deadline(std::chrono::steady_clock::duration from_now);
    void clear_deadline() { deadline.store(0); }

    /// Returns true if the deadline has passed. False without a deadline.
    bool is_overdue() const;

    /// Keeps the first 32 characters.
    void set_request_id(std::string_view id);

    /// Returns the id that was set last; empty if there is none. It may mix two ids if the process sets one
    /// at this moment.
    std::string current_request_id() const;
};

/// The slots of all processes of one master, in anonymous shared memory. Made by the master before it forks.
class Scoreboard {
public:
    /// During a reload two generations share them. Each has three pools of workers and five
    /// other processes: see plan.cpp.
    static constexpr std::size_t kSlots = 2048;

    /// Throws if there is not enough memory.
    Scoreboard();

    std::span<Slot> slots() { return {slots_, kSlots}; }

    /// Keeps the memory out of processes that this one forks from now on.
    void hide_from_children() const;

    /// Returns a free slot, marked as starting. Throws std::runtime_error if there is none. For the master.
    Slot& claim();

    /// Frees a slot after its process has exited. For the master.
    static void release(Slot& slot);

private:
    shm::Region region_;
    Slot* slots_;
};

}  // namespace csauth::server
