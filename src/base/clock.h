#pragma once

#include <chrono>

namespace csauth {

/// A moment in UTC, as precise as the database's DATETIME(6).
using TimePoint = std::chrono::sys_time<std::chrono::microseconds>;

/// Where the time comes from, so that a test can set it.
class Clock {
public:
    virtual ~Clock() = default;
    virtual TimePoint now() const = 0;
};

class SystemClock final : public Clock {
public:
    TimePoint now() const override {
        return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
    }
};

}  // namespace csauth
