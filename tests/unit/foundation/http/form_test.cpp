#include "http/form.h"

#include <boost/test/unit_test.hpp>

#include "http/body_reader.h"
#include "json/object.h"
#include "users/email.h"

using namespace csauth;

BOOST_AUTO_TEST_SUITE(form)

BOOST_AUTO_TEST_CASE(a_query_is_decoded_once) {
    const auto query =
        http::parse_query("scope=all&name=a+b%20c&double=%2541&empty=&bare&semi=a;b=c&u=%C3%A4");
    BOOST_REQUIRE(query);
    BOOST_TEST(query->get("scope").value() == "all");
    BOOST_TEST(query->get("name").value() == "a b c");
    BOOST_TEST(query->get("double").value() == "%41");
    BOOST_TEST(query->get("empty").value() == "");
    BOOST_TEST(query->get("bare").value() == "");
    BOOST_TEST(query->get("semi").value() == "a;b=c");
    BOOST_TEST(query->get("u").value() == "\xc3\xa4");
    BOOST_TEST(!query->get("Scope").has_value());
    BOOST_TEST(http::parse_query("")->all().empty());
}

BOOST_AUTO_TEST_CASE(a_list_in_a_query_may_be_repeated) {
    const auto query = http::parse_query("users=a&x=1&users=b,c&users=d", "users");
    BOOST_REQUIRE(query);
    BOOST_TEST(query->get("users").value() == "a,b,c,d");
    BOOST_TEST(query->get("x").value() == "1");
    BOOST_TEST(query->all().size() == 2u);
    BOOST_TEST(http::parse_query("x=1", "users")->all().size() == 1u);
    BOOST_TEST(!http::parse_query("users=a&x=1&x=2", "users"));
    std::string most = "users=a";
    for (std::size_t i = 1; i < http::kMostParameters; ++i)
        most += "&users=a";
    BOOST_TEST(bool{http::parse_query(most, "users")});
    BOOST_TEST(!http::parse_query(most + "&users=a", "users"));
}

BOOST_AUTO_TEST_CASE(a_query_that_could_be_read_in_two_ways_is_refused) {
    std::string many = "a0=";
    for (int i = 1; i <= 64; ++i)
        many += "&a" + std::to_string(i) + "=";
    for (const std::string& bad :
         {std::string{"a=1&a=2"}, std::string{"a=%zz"}, std::string{"a=%4"}, std::string{"a=%"},
          std::string{"a=%00"}, std::string{"a=%ff"}, many, "a=" + std::string(http::kLongestQuery, 'x')}) {
        const auto query = http::parse_query(bad);
        BOOST_TEST(!query, bad.substr(0, 40));
        if (!query) BOOST_CHECK(query.error().code == ErrorCode::bad_request);
    }
}

BOOST_AUTO_TEST_CASE(cookies_are_read_by_name) {
    const auto cookies = http::parse_cookies("__Host-csauth=a.b-c_d==; other=\"quoted\";third=3");
    BOOST_REQUIRE(cookies);
    BOOST_TEST(cookies->get("__Host-csauth").value() == "a.b-c_d==");
    BOOST_TEST(cookies->get("third").value() == "3");
    const auto twice = http::parse_cookies("a=1; b=2; a=3");
    BOOST_TEST(twice->all().size() == 3U);
    BOOST_TEST(twice->get("b").value() == "2");
    BOOST_TEST(!http::parse_cookies(std::string(16 * 1024 + 1, 'x')));
    std::string many = "c0=1";
    for (int i = 1; i <= 64; ++i)
        many += "; c" + std::to_string(i) + "=1";
    BOOST_TEST(!http::parse_cookies(many));
    BOOST_TEST(http::parse_cookies("")->all().empty());
}

BOOST_AUTO_TEST_SUITE_END()
