#include "http/return_address.h"

#include <boost/test/unit_test.hpp>

using namespace csauth;

BOOST_AUTO_TEST_SUITE(return_address)

BOOST_AUTO_TEST_CASE(hosts_are_our_own_and_the_listed_ones) {
    const auto hosts =
        http::return_hosts("https://auth.example.com/base", " wiki.example.com,app.example.com:8443 ,");
    BOOST_TEST(hosts.scheme == "https");
    const std::vector<std::string> expected{"auth.example.com", "wiki.example.com", "app.example.com:8443"};
    BOOST_TEST(hosts.hosts == expected, boost::test_tools::per_element());
    BOOST_TEST(http::return_hosts("http://localhost:8080", "").hosts.at(0) == "localhost:8080");
    BOOST_TEST(http::return_hosts("https://Auth.Example.com:443/", "").hosts.at(0) == "auth.example.com");
    BOOST_TEST(http::return_hosts("http://a.example:80", "").hosts.at(0) == "a.example");
}

BOOST_AUTO_TEST_CASE(people_are_sent_back_to_those_and_nowhere_else) {
    const http::ReturnHosts allowed{"https",
                                    {"auth.example.com", "wiki.example.com", "app.example.com:8443"}};
    for (const auto* good : {"/", "/account?tab=1", "https://wiki.example.com",
                             "https://wiki.example.com/a/b?c=d&e=%20#f", "https://app.example.com:8443/",
                             "/wiki/Bob's_page?{a}|b^`", "https://wiki.example.com?x=https://evil.example/"})
        BOOST_TEST(http::return_address(good, allowed).value_or("") == good);
    for (const auto* bad : {"",
                            "//evil.example",
                            "/\\evil.example",
                            "\\\\evil.example",
                            "https:evil.example",
                            "https:/evil.example",
                            "https:///evil.example",
                            "http://wiki.example.com/",
                            "HTTPS://wiki.example.com/",
                            "https://evil.example/",
                            "https://wiki.example.com.evil.example/",
                            "https://evilwiki.example.com/",
                            "https://wiki.example.com@evil.example/",
                            "https://user:pass@wiki.example.com/",
                            "https://wiki.example.com:443/",
                            "https://app.example.com/",
                            "https://WIKI.example.com/",
                            "https://wiki.example.com\\@evil.example/",
                            "https://wiki.example.com\t.evil.example",
                            " https://wiki.example.com/",
                            "https://wiki.example.com/\r\nSet-Cookie: a=b",
                            "javascript:alert(1)",
                            "data:text/html,x",
                            "wiki.example.com",
                            "https://wiki\xe3\x80\x82"
                            "example.com/",
                            "https://wiki.example.com%2eevil.example/",
                            "https://",
                            "https://wiki.example.com/\"onload",
                            "https://wiki.example.com/<x>"})
        BOOST_TEST(!http::return_address(bad, allowed).has_value(), bad);
    BOOST_TEST(http::return_address("/" + std::string(2047, 'x'), allowed).has_value());
    BOOST_TEST(!http::return_address("/" + std::string(2048, 'x'), allowed).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
