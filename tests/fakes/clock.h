#pragma once

#include "base/clock.h"
#include "base/timestamps.h"

namespace csauth::fakes {

/// Stands still until it is told to move.
class Clock final : public csauth::Clock {
public:
    TimePoint now() const override { return now_; }
    void advance(std::chrono::microseconds by) { now_ += by; }

private:
    TimePoint now_ = *parse_sql_datetime("2026-11-23 08:00:00.000000");
};

}  // namespace csauth::fakes
