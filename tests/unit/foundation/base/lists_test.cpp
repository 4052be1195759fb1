#include "base/lists.h"

#include <boost/test/unit_test.hpp>

using namespace csauth;

BOOST_AUTO_TEST_SUITE(lists)

using Parts = std::vector<std::string>;

BOOST_AUTO_TEST_CASE(list_keeps_its_parts_as_they_are) {
    BOOST_TEST(split_list("").empty());
    BOOST_TEST(split_list("a") == Parts{"a"});
    BOOST_TEST(split_list("a,b c,d") == (Parts{"a", "b c", "d"}));
    BOOST_TEST(split_list(" a,,b") == (Parts{" a", "", "b"}));
    BOOST_TEST(split_list(",") == Parts{""});
}

BOOST_AUTO_TEST_CASE(written_list_loses_spaces_and_empty_parts) {
    BOOST_TEST(split_written_list(" a ,\tb,, c d ,") == (Parts{"a", "b", "c d"}));
    BOOST_TEST(split_written_list(" , ").empty());
    BOOST_TEST(split_written_list("").empty());
}

BOOST_AUTO_TEST_CASE(joined_parts_are_split_into_the_same) {
    for (const auto& parts : {Parts{}, Parts{"a"}, Parts{"a", "b", "c"}, Parts{"a", "", "b"}})
        BOOST_TEST(split_list(joined(parts)) == parts);
    BOOST_TEST(joined({"a", "b"}) == "a,b");
}

BOOST_AUTO_TEST_SUITE_END()
