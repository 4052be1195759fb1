#include "base/random.h"

#include <boost/test/unit_test.hpp>
#include <set>

namespace csauth::tests {  // the global namespace has a function random()

BOOST_AUTO_TEST_SUITE(random)

BOOST_AUTO_TEST_CASE(numbers_stay_below_their_bound_and_reach_all_of_it) {
    SystemRandom source;
    std::set<std::uint32_t> seen;
    for (int i = 0; i < 1000; ++i)
        seen.insert(source.below(7));
    BOOST_TEST(seen.size() == 7U);
    BOOST_TEST(*seen.rbegin() == 6U);
    BOOST_TEST((source.bytes<32>() != source.bytes<32>()));
}

BOOST_AUTO_TEST_CASE(bound_of_one_leaves_zero) {
    SystemRandom source;
    for (int i = 0; i < 100; ++i)
        BOOST_TEST(source.below(1) == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace csauth::tests
