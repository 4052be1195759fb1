#include "base/timestamps.h"

#include <algorithm>
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

/// Fills [begin, end) with the last decimal digits of `number`, with leading zeros.
void write_digits(char* begin, char* end, unsigned number) {
    for (; end != begin; number /= 10)
        *--end = static_cast<char>('0' + number % 10);
}

/// Writes years 0 to 9999. This is done by hand, because every log line and each query that compares times
/// needs it: snprintf takes 600 ns, this takes 50.
std::string format(TimePoint time, char separator, std::string_view suffix) {
    const Fields f = fields_of(time);
    std::string text = "0000-00-00 00:00:00.000000";
    text[10] = separator;
    const auto put = [&](std::size_t at, std::size_t length, auto number) {
        write_digits(text.data() + at, text.data() + at + length, static_cast<unsigned>(number));
    };
    put(0, 4, f.year);
    put(5, 2, f.month);
    put(8, 2, f.day);
    put(11, 2, f.hour);
    put(14, 2, f.minute);
    put(17, 2, f.second);
    put(20, 6, f.microsecond);
    return text.append(suffix);
}

/// Returns the number in text[at, at + length), or -1 if a character is not a digit.
int number(std::string_view text, std::size_t at, std::size_t length) {
    int value = 0;
    const auto part = text.substr(at, length);
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
    return error == std::errc{} && end == part.data() + part.size() && part[0] != '-' ? value : -1;
}

}  // namespace

std::string rfc3339(TimePoint time) { return format(time, 'T', "Z"); }

std::string rfc3339_seconds(TimePoint time) {
    constexpr std::size_t up_to_seconds = 19;  // "2026-11-23T07:31:14"
    return rfc3339(time).substr(0, up_to_seconds) + "Z";
}

std::optional<std::string> rfc3339(const std::optional<TimePoint>& time) {
    return time ? std::optional{rfc3339(*time)} : std::nullopt;
}

Result<Moment, Complaint> Moment::parse(std::string_view given) {
    const Complaint wrong{FieldCode::invalid, "A time such as 2026-11-23T07:31:14Z is expected."};
    constexpr std::size_t seconds_end = 19;
    constexpr std::size_t offset_size = 6;  // "+01:00"
    std::string text{given};
    std::chrono::minutes offset{0};
    if (text.size() > seconds_end && (text.back() == 'Z' || text.back() == 'z')) {
        text.pop_back();
    } else if (text.size() >= seconds_end + offset_size) {
        const auto zone = std::string_view{text}.substr(text.size() - offset_size);
        const int hours = number(zone, 1, 2);
        const int minutes = number(zone, 4, 2);
        if ((zone[0] != '+' && zone[0] != '-') || zone[3] != ':' || hours < 0 || hours > 23 || minutes < 0 ||
            minutes > 59)
            return wrong;
        offset = std::chrono::hours{hours} + std::chrono::minutes{minutes};
        if (zone[0] == '-') offset = -offset;
        text.resize(text.size() - offset_size);
    } else {
        return wrong;
    }
    if (text[10] != 'T' && text[10] != 't') return wrong;
    text[10] = ' ';
    constexpr std::size_t with_microseconds = seconds_end + 7;
    for (std::size_t i = with_microseconds; i < text.size(); ++i)
        if (text[i] < '0' || text[i] > '9') return wrong;
    text.resize(std::min(text.size(), with_microseconds));
    const auto time = parse_sql_datetime(text);
    if (!time) return wrong;
    const Moment moment{*time - offset};
    if (parse_sql_datetime(sql_datetime(moment.time)) != moment.time) return wrong;  // year 10000, or -1
    return moment;
}

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
    // "YYYY-MM-DD hh:mm:ss", then a point and one to six digits if the column has a fraction.
    if (text.size() < 19 || text.size() > 26 || text.size() == 20) return std::nullopt;
    constexpr std::string_view form = "0000-00-00 00:00:00.";
    for (std::size_t i = 0; i < std::min(form.size(), text.size()); ++i)
        if (form[i] != '0' && text[i] != form[i]) return std::nullopt;
    using namespace std::chrono;
    const int years = number(text, 0, 4);
    const year_month_day date{year{years}, month{static_cast<unsigned>(number(text, 5, 2))},
                              day{static_cast<unsigned>(number(text, 8, 2))}};
    const int h = number(text, 11, 2), m = number(text, 14, 2), s = number(text, 17, 2);
    if (years < 0 || !date.ok() || h < 0 || h > 23 || m < 0 || m > 59 || s < 0 || s > 59) return std::nullopt;
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
