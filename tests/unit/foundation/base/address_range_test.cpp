#include "base/address_range.h"

#include <boost/test/unit_test.hpp>

using csauth::AddressRange;

BOOST_AUTO_TEST_SUITE(address_range)

BOOST_AUTO_TEST_CASE(it_is_one_address_or_a_network) {
    const struct {
        const char *range, *address;
        bool contains;
    } cases[] = {{"192.0.2.7", "192.0.2.7", true},
                 {"192.0.2.7", "192.0.2.8", false},
                 {"192.0.2.0/24", "192.0.2.255", true},
                 {"192.0.2.0/24", "192.0.3.0", false},
                 {"192.0.2.128/25", "192.0.2.127", false},
                 {"0.0.0.0/0", "203.0.113.9", true},
                 {"0.0.0.0/0", "2001:db8::1", false},
                 {"192.0.2.7/32", "192.0.2.7", true},
                 {"2001:db8::/32", "2001:db8:1::1", true},
                 {"2001:db8::/32", "2001:db9::1", false},
                 {"::/0", "2001:db8::1", true},
                 {"192.0.2.7", "::ffff:192.0.2.7", true},
                 {"2001:db8::1", "2001:0db8::0001", true},
                 {"192.0.2.0/24", "nonsense", false}};
    for (const auto& c : cases)
        BOOST_TEST(AddressRange::parse(c.range)->contains(c.address) == c.contains,
                   c.range << " " << c.address);
}

BOOST_AUTO_TEST_CASE(what_is_none_is_refused) {
    for (const auto* bad : {"", "nonsense", "192.0.2", "192.0.2.256", "192.0.2.0/33", "192.0.2.0/",
                            "192.0.2.0/x", "2001:db8::/129", "192.0.2.0/-1", "192.0.2.0/8 ", "/8"})
        BOOST_TEST(!AddressRange::parse(bad).has_value(), bad);
}

BOOST_AUTO_TEST_SUITE_END()
