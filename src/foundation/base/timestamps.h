#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace csauth {

/// RFC 3339 in UTC with microseconds: "2026-11-23T07:31:14.123456Z".
std::string rfc3339(TimePoint time);
std::optional<std::string> rfc3339(const std::optional<TimePoint>& time);

/// The same without the fraction of the second, which is cut: for sentences.
std::string rfc3339_seconds(TimePoint time);

/// A moment as a client writes it: RFC 3339 section 5.6, with any offset; what is finer than a microsecond is
/// cut.
struct Moment {
    TimePoint time;
    static Result<Moment, Complaint> parse(std::string_view given);
};

/// RFC 5322 section 3.3: "Mon, 23 Nov 2026 07:31:14 +0000".
std::string rfc5322_date(TimePoint time);

/// For people: "2026-11-23 07:31 UTC".
std::string minute_in_utc(TimePoint time);

/// The database's form of DATETIME(6): "2026-11-23 07:31:14.123456".
std::string sql_datetime(TimePoint time);
std::optional<TimePoint> parse_sql_datetime(std::string_view text);

/// Whole seconds since 1970, rounded down: the NumericDate of RFC 7519 section 2.
std::int64_t unix_seconds(TimePoint time);
TimePoint from_unix_seconds(std::int64_t seconds);

}  // namespace csauth
