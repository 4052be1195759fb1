#include "outbox/retry.h"

#include <boost/test/unit_test.hpp>

#include "fakes/random.h"

BOOST_AUTO_TEST_SUITE(retry)

using namespace csauth;

BOOST_AUTO_TEST_CASE(the_wait_doubles_up_to_four_hours_a_tenth_more_or_less) {
    fakes::Random random;
    const struct {
        unsigned attempts;
        int minutes;
    } cases[] = {{0, 1}, {1, 1}, {2, 2}, {3, 4}, {6, 32}, {8, 128}, {9, 240}, {10, 240}, {1000, 240}};
    for (const auto& c : cases) {
        for (int i = 0; i < 100; ++i) {
            const auto wait = outbox::retry_delay(c.attempts, std::chrono::minutes{1}, random).count();
            BOOST_TEST(wait >= c.minutes * 54);
            BOOST_TEST(wait <= c.minutes * 66);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
