#pragma once

#include <time.h>

#include <chrono>

namespace csauth {

/// A moment in UTC, as precise as the database's DATETIME(6).
using TimePoint = std::chrono::sys_time<std::chrono::microseconds>;

/// The source of the time. A test can set it.
class Clock {
public:
    virtual ~Clock() = default;
    virtual TimePoint now() const = 0;

    /// Returns the time since a moment in the past that is the same for all processes of this machine. It
    /// never jumps when somebody sets the wall clock, and it counts the time in which the machine sleeps.
    virtual std::chrono::milliseconds uptime() const = 0;
};

/// The clocks of the system: CLOCK_REALTIME and CLOCK_BOOTTIME.
class SystemClock final : public Clock {
public:
    TimePoint now() const override {
        return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
    }
    std::chrono::milliseconds uptime() const override {
        timespec time{};
        ::clock_gettime(CLOCK_BOOTTIME, &time);
        return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::seconds{time.tv_sec} +
                                                                     std::chrono::nanoseconds{time.tv_nsec});
    }
};

}  // namespace csauth
