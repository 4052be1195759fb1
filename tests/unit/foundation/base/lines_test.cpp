#include "base/lines.h"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

using namespace csauth;

BOOST_AUTO_TEST_SUITE(lines)

// The search halves the text by bytes, so that lines of different lengths are met at every offset.
BOOST_AUTO_TEST_CASE(every_line_of_a_list_of_any_length_is_found) {
    std::string list;
    std::vector<std::string> all;
    for (int i = 0; i < 60; ++i) {
        all.push_back(std::string(1, static_cast<char>('A' + i)) + std::string(i * 7 % 11, 'x'));
        list += all.back() + '\n';
        for (const auto& line : all) {
            BOOST_TEST(has_line(list, line), line);
            BOOST_TEST(!has_line(list, line + "y"), line);
            BOOST_TEST(!has_line(list, line + '\n'), line);
            if (line.size() > 1) BOOST_TEST(!has_line(list, line.substr(0, line.size() - 1)), line);
        }
        BOOST_TEST(!has_line(list, "0"));  // before the first
        BOOST_TEST(!has_line(list, "~"));  // after the last
        BOOST_TEST(!has_line(list, ""));
    }
}

BOOST_AUTO_TEST_CASE(list_without_a_last_line_feed_ends_the_search) {
    BOOST_TEST(has_line("a\nb", "a"));
    BOOST_TEST(has_line("a\nb", "b"));
    BOOST_TEST(!has_line("a\nb", "c"));
    BOOST_TEST(!has_line("a", "b"));
}

BOOST_AUTO_TEST_CASE(empty_list_has_no_line) {
    BOOST_TEST(!has_line("", ""));
    BOOST_TEST(!has_line("", "a"));
    BOOST_TEST(has_line("\n", ""));
}

BOOST_AUTO_TEST_SUITE_END()
