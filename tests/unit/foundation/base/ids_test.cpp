#include "base/ids.h"

#include <boost/test/unit_test.hpp>
#include <chrono>

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

BOOST_AUTO_TEST_SUITE_END()
