#include "users/word_lists.h"

#include <boost/test/unit_test.hpp>

using namespace csauth;

BOOST_AUTO_TEST_SUITE(word_lists)

BOOST_AUTO_TEST_CASE(lists_have_their_first_and_last_line_and_no_neighbour) {
    BOOST_TEST(users::is_common_password("!qaz1qaz"));    // the first line
    BOOST_TEST(users::is_common_password("zzzzzzzzzz"));  // the last one
    BOOST_TEST(!users::is_common_password(""));
    BOOST_TEST(!users::is_common_password("!qaz1qa"));
    BOOST_TEST(!users::is_common_password("securepass123"));
    BOOST_TEST(users::is_reserved_name("0"));
    BOOST_TEST(!users::is_reserved_name("zz"));
}

BOOST_AUTO_TEST_SUITE_END()
