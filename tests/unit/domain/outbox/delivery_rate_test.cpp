#include "outbox/delivery_rate.h"

#include <boost/test/unit_test.hpp>
#include <chrono>

using namespace csauth;
using namespace std::chrono_literals;
using outbox::DeliveryRate;

BOOST_AUTO_TEST_SUITE(delivery_rate)

BOOST_AUTO_TEST_CASE(rate_of_zero_sets_no_limit) {
    DeliveryRate rate{0, 0ms};
    rate.spend(1000);
    BOOST_TEST(rate.allowed(1000, 0ms) == 1000U);
}

BOOST_AUTO_TEST_CASE(a_tenth_of_a_minute_goes_at_once) {
    DeliveryRate rate{100, 0ms};
    BOOST_TEST(rate.allowed(20, 0ms) == 10U);
    BOOST_TEST(rate.allowed(3, 0ms) == 3U);
    rate.spend(10);
    BOOST_TEST(rate.allowed(20, 0ms) == 0U);
}

BOOST_AUTO_TEST_CASE(spent_credit_returns_with_time) {
    DeliveryRate rate{60, 0ms};
    rate.spend(6);
    BOOST_TEST(rate.allowed(20, 999ms) == 0U);
    BOOST_TEST(rate.allowed(20, 3100ms) == 3U);
    BOOST_TEST(rate.allowed(20, 1h) == 6U);  // an idle hour does not add up
}

BOOST_AUTO_TEST_CASE(lowest_rate_still_lets_one_mail_go) {
    DeliveryRate rate{1, 0ms};
    BOOST_TEST(rate.allowed(20, 0ms) == 1U);
    rate.spend(1);
    BOOST_TEST(rate.allowed(20, 59s) == 0U);
    BOOST_TEST(rate.allowed(20, 61s) == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
