#include "presence/status.h"

#include <boost/test/unit_test.hpp>

using namespace csauth;

BOOST_AUTO_TEST_SUITE(status)

BOOST_AUTO_TEST_CASE(status_has_one_name) {
    using presence::StatusName;
    for (const auto* name : {"online", "away", "busy", "invisible"})
        BOOST_TEST(name_of(StatusName::parse(name)->status) == name);
    for (const auto* name : {"offline", "", "Online", "online ", "dnd", "4"})
        BOOST_TEST(!StatusName::parse(name), name);
}

BOOST_AUTO_TEST_SUITE_END()
