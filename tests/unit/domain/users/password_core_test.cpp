#include "users/password_core.h"

#include <boost/test/unit_test.hpp>

#include "users/password.h"

using namespace csauth;

BOOST_AUTO_TEST_SUITE(password_core)

BOOST_AUTO_TEST_CASE(long_decoration_costs_a_bounded_number_of_cores) {
    const std::string longest(users::kLongestPassword / 2 - 1, '1');
    BOOST_TEST(users::password_cores(longest + "ab" + longest).size() <= 50U);
    BOOST_TEST(users::password_cores("1234567890").empty());
    BOOST_TEST(users::password_cores("\xff").empty());
}

BOOST_AUTO_TEST_SUITE_END()
