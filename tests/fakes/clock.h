#pragma once

#include "base/clock.h"
#include "base/timestamps.h"

namespace csauth::fakes {

/// Stands still until it is told to move.
class Clock final : public csauth::Clock {
public:
    TimePoint now() const override { return now_; }
    std::chrono::milliseconds uptime() const override {
        return std::chrono::hours{1} + std::chrono::duration_cast<std::chrono::milliseconds>(now_ - kStart);
    }
    void advance(std::chrono::microseconds by) { now_ += by; }

private:
    inline static const TimePoint kStart = *parse_sql_datetime("2026-11-23 08:00:00.000000");
    TimePoint now_ = kStart;
};

}  // namespace csauth::fakes
