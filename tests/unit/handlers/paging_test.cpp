#include "handlers/paging.h"

#include <boost/test/unit_test.hpp>

using namespace csauth;

BOOST_AUTO_TEST_SUITE(paging)

BOOST_AUTO_TEST_CASE(a_page_has_a_limit_and_a_beginning) {
    BOOST_TEST(handlers::read_page("")->limit == handlers::kItemsOfPage);
    BOOST_TEST(handlers::read_page("limit=1")->limit == 1U);
    BOOST_TEST(handlers::read_page("limit=200")->limit == 200U);
    const auto page = handlers::read_page("limit=7&cursor=" + handlers::cursor_of("here"));
    BOOST_REQUIRE(page);
    BOOST_TEST(page->cursor == "here");
}

BOOST_AUTO_TEST_CASE(what_is_none_is_refused) {
    for (const auto* bad :
         {"limit=0", "limit=201", "limit=-1", "limit=1x", "limit=", "limit=99999999999999999999",
          "cursor=", "cursor=%00", "cursor=!", "limit=1&limit=2"})
        BOOST_TEST(!handlers::read_page(bad), bad);
}

BOOST_AUTO_TEST_CASE(unknown_parameter_is_refused_with_its_name) {
    const auto detail_of = [](const auto& read) { return read ? std::string{} : read.error().detail; };
    BOOST_TEST(!!handlers::read_page("search=a&role=&limit=7", {"search", "role"}));
    for (const auto* query : {"stauts=banned", "limit=1&stauts=banned", "stauts=", "stauts"}) {
        const auto page = handlers::read_page(query, {"search", "status"});
        BOOST_REQUIRE_MESSAGE(!page, query);
        BOOST_CHECK(page.error().code == ErrorCode::bad_request);
        BOOST_TEST(page.error().detail ==
                   "This list has no parameter `stauts`. It has limit, cursor, search, status.");
    }
    BOOST_TEST(!handlers::read_page("Limit=7"));
    BOOST_TEST(!handlers::read_page("page=2"));
    BOOST_TEST(!!handlers::refuse_parameters(""));
    BOOST_TEST(detail_of(handlers::refuse_parameters("page=2")) == "This list has no parameter `page`.");
    BOOST_TEST(detail_of(handlers::refuse_parameters(std::string(1000, 'x'))) ==
               "This list has no parameter `" + std::string(64, 'x') + "`.");
}

BOOST_AUTO_TEST_SUITE_END()
