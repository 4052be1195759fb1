#include "handlers/paging.h"

#include <boost/test/unit_test.hpp>

using namespace csauth;

BOOST_AUTO_TEST_SUITE(paging)

BOOST_AUTO_TEST_CASE(a_page_has_a_limit_and_a_beginning) {
    BOOST_TEST(handlers::read_page("")->limit == handlers::kItemsOfPage);
    BOOST_TEST(handlers::read_page("limit=1")->limit == 1U);
    BOOST_TEST(handlers::read_page("limit=200")->limit == 200U);
    const auto page = handlers::read_page("limit=7&other=x&cursor=" + handlers::cursor_of("here"));
    BOOST_REQUIRE(page);
    BOOST_TEST(page->cursor == "here");
}

BOOST_AUTO_TEST_CASE(what_is_none_is_refused) {
    for (const auto* bad :
         {"limit=0", "limit=201", "limit=-1", "limit=1x", "limit=", "limit=99999999999999999999",
          "cursor=", "cursor=%00", "cursor=!", "limit=1&limit=2"})
        BOOST_TEST(!handlers::read_page(bad), bad);
}

BOOST_AUTO_TEST_SUITE_END()
