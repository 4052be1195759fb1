#include "base/ids.h"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <set>

#include "base/secret.h"
#include "base/timestamps.h"
#include "fakes/random.h"

using namespace csauth;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(ids)

BOOST_AUTO_TEST_CASE(ids_sort_by_the_time_of_their_making) {
    fakes::Random random;
    const auto time = *parse_sql_datetime("2026-11-23 08:00:00");
    const auto first = UserId::make(time, random);
    const auto second = UserId::make(time + 1ms, random);
    BOOST_TEST((first < second));
    BOOST_TEST(first.text()[14] == '7');  // the version
    BOOST_CHECK(UserId::parse(first.text()) == first);
}

BOOST_AUTO_TEST_CASE(only_the_lower_case_form_of_a_uuid_is_read) {
    const std::string good = "01a2077f-f7e3-770e-82c5-3b481186709f";
    BOOST_TEST(Uuid::parse(good)->text() == good);
    for (const char* bad : {"", "01A2077F-f7e3-770e-82c5-3b481186709f", "01a2077ff7e3770e82c53b481186709f",
                            "01a2077f-f7e3-770e-82c5-3b481186709", "01a2077f-f7e3-770e-82c5-3b481186709fa",
                            "01a2077f+f7e3-770e-82c5-3b481186709f", "g1a2077f-f7e3-770e-82c5-3b481186709f"})
        BOOST_TEST(!Uuid::parse(bad).has_value(), bad);
}

BOOST_AUTO_TEST_CASE(random_numbers_stay_below_their_bound_and_reach_all_of_it) {
    SystemRandom random;
    std::set<std::uint32_t> seen;
    for (int i = 0; i < 1000; ++i)
        seen.insert(random.below(7));
    BOOST_TEST(seen.size() == 7U);
    BOOST_TEST(*seen.rbegin() == 6U);
    BOOST_TEST((random.bytes<32>() != random.bytes<32>()));
}

BOOST_AUTO_TEST_SUITE_END()
