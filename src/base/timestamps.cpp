#include "base/timestamps.h"

#include <array>
#include <charconv>
#include <cstdio>

namespace csauth {
namespace {

struct Fields {
    int year;
    unsigned month, day, weekday;
    int hour, minute, second, microsecond;
};

Fields fields_of(TimePoint time) {
    const auto days = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{days};
    const std::chrono::hh_mm_ss clock{time - days};
    return {static_cast<int>(date.year()),
            static_cast<unsigned>(date.month()),
            static_cast<unsigned>(date.day()),
            std::chrono::weekday{days}.c_encoding(),
            static_cast<int>(clock.hours().count()),
            static_cast<int>(clock.minutes().count()),
            static_cast<int>(clock.seconds().count()),
            static_cast<int>(clock.subseconds().count())};
}

std::string format(TimePoint time, char separator, std::string_view suffix) {
    const Fields f = fields_of(time);
    std::array<char, 64> text;
    const int size = std::snprintf(text.data(), text.size(), "%04d-%02u-%02u%c%02d:%02d:%02d.%06d", f.year,
                                   f.month, f.day, separator, f.hour, f.minute, f.second, f.microsecond);
    return std::string(text.data(), static_cast<std::size_t>(size)).append(suffix);
}

/// The number in text[at, at + length); -1 where a character is no digit.
int number(std::string_view text, std::size_t at, std::size_t length) {
    int value = 0;
    const auto part = text.substr(at, length);
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
    return error == std::errc{} && end == part.data() + part.size() && part[0] != '-' ? value : -1;
}

}  // namespace

std::string rfc3339(TimePoint time) { return format(time, 'T', "Z"); }

std::string sql_datetime(TimePoint time) { return format(time, ' ', ""); }

std::string minute_in_utc(TimePoint time) {
    constexpr std::size_t up_to_minutes = 16;  // "2026-11-23 07:31"
    return sql_datetime(time).substr(0, up_to_minutes) + " UTC";
}

std::string rfc5322_date(TimePoint time) {
    static constexpr std::array<const char*, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const Fields f = fields_of(time);
    std::array<char, 64> text;
    const int size =
        std::snprintf(text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d +0000", kDays.at(f.weekday),
                      f.day, kMonths.at(f.month - 1), f.year, f.hour, f.minute, f.second);
    return {text.data(), static_cast<std::size_t>(size)};
}

std::optional<TimePoint> parse_sql_datetime(std::string_view text) {
    // "YYYY-MM-DD hh:mm:ss", then a point and one to six digits where the column has a fraction.
    if (text.size() < 19 || text.size() > 26 || text.size() == 20) return std::nullopt;
    using namespace std::chrono;
    const year_month_day date{year{number(text, 0, 4)}, month{static_cast<unsigned>(number(text, 5, 2))},
                              day{static_cast<unsigned>(number(text, 8, 2))}};
    const int h = number(text, 11, 2), m = number(text, 14, 2), s = number(text, 17, 2);
    if (!date.ok() || h < 0 || m < 0 || s < 0) return std::nullopt;
    int micros = 0;
    if (text.size() > 20) {
        micros = number(text, 20, text.size() - 20);
        if (micros < 0) return std::nullopt;
        for (std::size_t digits = text.size() - 20; digits < 6; ++digits)
            micros *= 10;
    }
    return TimePoint{sys_days{date}} + hours{h} + minutes{m} + seconds{s} + microseconds{micros};
}

std::int64_t unix_seconds(TimePoint time) {
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

TimePoint from_unix_seconds(std::int64_t seconds) { return TimePoint{std::chrono::seconds{seconds}}; }

}  // namespace csauth
