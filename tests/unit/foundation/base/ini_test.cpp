#include "base/ini.h"

#include <boost/test/unit_test.hpp>

using namespace csauth;

namespace {

struct Read {
    explicit Read(std::string_view text) : entries{parse_ini(text, "a.ini", problems)} {}

    std::vector<ConfigProblem> problems = {};
    std::vector<IniEntry> entries;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(ini)

BOOST_AUTO_TEST_CASE(entry_has_its_section_and_line) {
    const Read read{
        "top = 1\r\n\r\n[ mail ]\n  port=25  \n; port = 26\n# port = 27\n[database]\nport = 3306"};
    BOOST_TEST(read.problems.empty());
    BOOST_REQUIRE(read.entries.size() == 3U);
    BOOST_TEST(read.entries[0].section.empty());
    BOOST_TEST(read.entries[0].value == "1");
    BOOST_TEST(read.entries[1].section == "mail");
    BOOST_TEST(read.entries[1].key == "port");
    BOOST_TEST(read.entries[1].value == "25");
    BOOST_TEST(read.entries[1].where == "a.ini:4");
    BOOST_TEST(read.entries[2].section == "database");
    BOOST_TEST(read.entries[2].where == "a.ini:8");
}

BOOST_AUTO_TEST_CASE(value_is_kept_after_the_first_equals_sign) {
    const Read read{"[a]\nurl = https://x/?a=b;c#d\nempty =\n"};
    BOOST_TEST(read.problems.empty());
    BOOST_REQUIRE(read.entries.size() == 2U);
    BOOST_TEST(read.entries[0].value == "https://x/?a=b;c#d");
    BOOST_TEST(read.entries[1].value.empty());
}

BOOST_AUTO_TEST_CASE(line_of_no_kind_is_named_and_the_rest_is_read) {
    for (const auto* bad : {"port", "= 25", "[mail", "[", "mail]"}) {
        const Read read{std::string{bad} + "\nkey = 1\n"};
        BOOST_TEST_CONTEXT(bad) {
            BOOST_REQUIRE(read.problems.size() == 1U);
            BOOST_TEST(read.problems[0].where == "a.ini:1");
            BOOST_REQUIRE(read.entries.size() == 1U);
            BOOST_TEST(read.entries[0].section.empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(second_value_of_a_key_does_not_replace_the_first) {
    const Read read{"[a]\nk = 1\n[b]\nk = 2\n[a]\nk = 3\n"};
    BOOST_REQUIRE(read.problems.size() == 1U);
    BOOST_TEST(read.problems[0].where == "a.ini:6");
    BOOST_REQUIRE(read.entries.size() == 2U);
    BOOST_TEST(read.entries[0].value == "1");
    BOOST_TEST(read.entries[1].value == "2");
}

BOOST_AUTO_TEST_SUITE_END()
