#include "host_names.h"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace csauth;

BOOST_AUTO_TEST_SUITE(host_names)

BOOST_AUTO_TEST_CASE(a_host_name_has_labels_of_up_to_63_characters) {
    for (const auto* const good :
         {"localhost", "app.example.com", "a-b.example", "10.0.0.1", "_dmarc.example.com"})
        BOOST_TEST(is_host_name(good), good);
    for (const auto* const bad :
         {"", ".", "a..b", "a.", "-a.example", "a-.example", "a b", "a/b", "ä.example", "[::1]"})
        BOOST_TEST(!is_host_name(bad), bad);
    BOOST_TEST(is_host_name(std::string(63, 'a') + ".example"));
    BOOST_TEST(!is_host_name(std::string(64, 'a') + ".example"));
}

BOOST_AUTO_TEST_CASE(a_host_name_has_up_to_253_characters) {
    const std::string label(61, 'a');
    const std::string longest = label + "." + label + "." + label + "." + label + ".abcde";
    BOOST_REQUIRE(longest.size() == 253U);
    BOOST_TEST(is_host_name(longest));
    BOOST_TEST(!is_host_name(longest + "f"));
}

BOOST_AUTO_TEST_CASE(a_port_may_follow_a_host) {
    const auto plain = host_and_port_of("app.example.com");
    BOOST_TEST(plain.is_valid);
    BOOST_TEST(plain.port == "");
    const auto with_port = host_and_port_of("app.example.com:8443");
    BOOST_TEST(with_port.is_valid);
    BOOST_TEST(with_port.host == "app.example.com");
    BOOST_TEST(with_port.port == "8443");
    const auto ipv6 = host_and_port_of("[::1]:8080");
    BOOST_TEST(ipv6.is_valid);
    BOOST_TEST(ipv6.host == "[::1]");
    BOOST_TEST(ipv6.port == "8080");
    BOOST_TEST(host_and_port_of("a:65535").is_valid);
}

BOOST_AUTO_TEST_CASE(a_port_is_a_number_from_1_to_65535) {
    for (const auto* const bad :
         {"a:", "a:0", "a:65536", "a:x", "a:80x", "a:-1", ":80", "[::1", "[::1]80", "[x]:80", "a:1:2"})
        BOOST_TEST(!host_and_port_of(bad).is_valid, bad);
}

BOOST_AUTO_TEST_CASE(this_machine_has_several_names) {
    for (const auto* const here : {"localhost", "app.localhost", "127.0.0.1", "127.1.2.3", "::1", "[::1]"})
        BOOST_TEST(is_this_machine(here), here);
    for (const auto* const elsewhere :
         {"example.com", "localhost.example.com", "10.0.0.1", "127.example.com", "::2"})
        BOOST_TEST(!is_this_machine(elsewhere), elsewhere);
}

BOOST_AUTO_TEST_CASE(cookies_of_a_domain_reach_its_hosts) {
    BOOST_TEST(is_domain_of("example.com", "example.com"));
    BOOST_TEST(is_domain_of("example.com", "app.example.com"));
    BOOST_TEST(!is_domain_of("example.com", "badexample.com"));
    BOOST_TEST(!is_domain_of("example.com", "example.org"));
    BOOST_TEST(!is_domain_of("com", "example.com"));
    BOOST_TEST(!is_domain_of("app.example.com", "example.com"));
}

BOOST_AUTO_TEST_SUITE_END()
