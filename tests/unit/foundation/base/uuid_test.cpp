#include "base/uuid.h"

#include <boost/test/unit_test.hpp>

#include "base/timestamps.h"
#include "fakes/random.h"

using namespace csauth;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(uuid)

BOOST_AUTO_TEST_CASE(only_the_lower_case_form_is_read) {
    const std::string good = "01a2077f-f7e3-770e-82c5-3b481186709f";
    BOOST_TEST(Uuid::parse(good)->text() == good);
    for (const char* bad : {"", "01A2077F-f7e3-770e-82c5-3b481186709f", "01a2077ff7e3770e82c53b481186709f",
                            "01a2077f-f7e3-770e-82c5-3b481186709", "01a2077f-f7e3-770e-82c5-3b481186709fa",
                            "01a2077f+f7e3-770e-82c5-3b481186709f", "g1a2077f-f7e3-770e-82c5-3b481186709f"})
        BOOST_TEST(!Uuid::parse(bad).has_value(), bad);
}

BOOST_AUTO_TEST_CASE(version_and_variant_are_those_of_rfc_9562) {
    fakes::Random random;
    const auto time = *parse_sql_datetime("2026-11-23 08:00:00.123999");
    for (int i = 0; i < 100; ++i) {
        const auto made = Uuid::v7(time, random);
        BOOST_TEST((made.bytes[6] & 0xf0U) == 0x70U);
        BOOST_TEST((made.bytes[8] & 0xc0U) == 0x80U);
        BOOST_TEST(made.text().starts_with("01a2076b-447b-7"), made.text());
    }
    BOOST_CHECK(Uuid::v7(time, random) != Uuid::v7(time, random));
}

BOOST_AUTO_TEST_CASE(first_of_a_time_is_between_before_and_after) {
    fakes::Random random;
    const auto time = *parse_sql_datetime("2026-11-23 08:00:00.123");
    const auto first = Uuid::first_of(time);
    for (int i = 0; i < 100; ++i) {
        BOOST_CHECK(Uuid::v7(time - 1us, random) < first);
        BOOST_CHECK(Uuid::v7(time, random) > first);
    }
    BOOST_CHECK(Uuid::first_of(TimePoint{} - 1h) == Uuid{});  // a time before 1970 does not wrap around
}

BOOST_AUTO_TEST_SUITE_END()
