#include "base/timestamps.h"

#include <boost/test/unit_test.hpp>
#include <chrono>

#include "data.h"
#include "fakes/random.h"

using namespace csauth;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(timestamps)

BOOST_AUTO_TEST_CASE(times_are_written_in_every_form) {
    const auto time = parse_sql_datetime("2026-11-03 07:05:09.000120");
    BOOST_REQUIRE(time);
    BOOST_TEST(rfc3339(*time) == "2026-11-03T07:05:09.000120Z");
    BOOST_TEST(rfc5322_date(*time) == "Tue, 03 Nov 2026 07:05:09 +0000");
    BOOST_TEST(sql_datetime(*time) == "2026-11-03 07:05:09.000120");
    BOOST_TEST(rfc3339(TimePoint{}) == "1970-01-01T00:00:00.000000Z");
    BOOST_TEST(rfc3339(TimePoint{} - 1us) == "1969-12-31T23:59:59.999999Z");
    BOOST_TEST(sql_datetime(*parse_sql_datetime("0001-01-01 00:00:00")) == "0001-01-01 00:00:00.000000");
    BOOST_TEST(sql_datetime(*parse_sql_datetime("9999-12-31 23:59:59.999999")) ==
               "9999-12-31 23:59:59.999999");
    BOOST_TEST(unix_seconds(from_unix_seconds(4102444800) - 1us) == 4102444799);
}

BOOST_AUTO_TEST_CASE(a_database_time_is_read_with_and_without_a_fraction) {
    BOOST_CHECK(*parse_sql_datetime("2026-02-28 23:59:59") + 1s ==
                *parse_sql_datetime("2026-03-01 00:00:00"));
    BOOST_CHECK(*parse_sql_datetime("2026-02-28 00:00:00.5") ==
                *parse_sql_datetime("2026-02-28 00:00:00.500000"));
    for (const char* bad : {"", "2026-02-30 00:00:00", "2026-02-28T00:00", "2026-02-28 00:00:00.",
                            "2026-02-28 -1:00:00", "0000-00-00 00:00:00", "2026-02-28 00:00:00.1234567"})
        BOOST_TEST(!parse_sql_datetime(bad).has_value(), bad);
}

BOOST_AUTO_TEST_SUITE_END()
