#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace csauth {

/// Returns RFC 3339 in UTC with microseconds: "2026-11-23T07:31:14.123456Z". This and sql_datetime() write
/// years 0 to 9999.
std::string rfc3339(TimePoint time);

/// Returns nullopt for nullopt.
std::optional<std::string> rfc3339(const std::optional<TimePoint>& time);

/// Returns the same without the fraction of the second, which is cut off. For sentences.
std::string rfc3339_seconds(TimePoint time);

/// A moment as a client writes it (RFC 3339 section 5.6), with any offset from UTC.
struct Moment {
    TimePoint time;

    /// Cuts off digits after the microsecond. `invalid`: another form, no such date or time, a leap second,
    /// or a year outside 0 to 9999 in UTC.
    static Result<Moment, Complaint> parse(std::string_view given);
};

/// Returns a date for the head of a mail (RFC 5322 section 3.3): "Mon, 23 Nov 2026 07:31:14 +0000".
std::string rfc5322_date(TimePoint time);

/// Returns a text for people, with the seconds cut off: "2026-11-23 07:31 UTC".
std::string minute_in_utc(TimePoint time);

/// Returns the database's form of DATETIME(6): "2026-11-23 07:31:14.123456".
std::string sql_datetime(TimePoint time);

/// Reads that form, with zero to six digits after the second. Returns nullopt for any other text, and for a
/// date or time that does not exist.
std::optional<TimePoint> parse_sql_datetime(std::string_view text);

/// Returns whole seconds since 1970 in UTC, rounded down: the NumericDate of RFC 7519 section 2.
std::int64_t unix_seconds(TimePoint time);

/// Returns the moment that unix_seconds() turned into `seconds`, at the start of its second.
TimePoint from_unix_seconds(std::int64_t seconds);

}  // namespace csauth
