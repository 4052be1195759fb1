#pragma once

#include <time.h>

#include <chrono>

namespace csauth {

/// A moment in UTC, as precise as the database's DATETIME(6).
using TimePoint = std::chrono::sys_time<std::chrono::microseconds>;

/// Where the time comes from, so that a test can set it.
class Clock {
public:
    virtual ~Clock() = default;
    virtual TimePoint now() const = 0;

    /// Time since some moment in the past, the same one for all processes of this machine. It never jumps,
    /// whatever somebody does to the wall clock.
    virtual std::chrono::milliseconds uptime() const = 0;
};

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
