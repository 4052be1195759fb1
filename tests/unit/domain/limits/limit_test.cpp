#include "limits/limit.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <set>
#include <string>

using namespace csauth;
using limits::Limit;

BOOST_AUTO_TEST_SUITE(limit)

BOOST_AUTO_TEST_CASE(every_limit_has_a_name_of_its_own) {
    std::set<std::string> names;
    for (const auto& kind : limits::all_limits())
        BOOST_TEST(names.emplace(kind.name).second, kind.name);
    BOOST_TEST(names.size() == static_cast<std::size_t>(limits::kLastLimit) + 1);
    BOOST_TEST(limits::name_of(Limit::login) == "login");
}

BOOST_AUTO_TEST_CASE(every_limit_is_counted_somewhere) {
    for (const auto& kind : limits::all_limits())
        BOOST_TEST((kind.limit == Limit::none || kind.rate || kind.wall), kind.name);
    BOOST_CHECK_THROW(limits::rate_of(Limit::none), std::bad_optional_access);
    BOOST_CHECK_THROW(limits::rate_of(Limit::refresh), std::bad_optional_access);
}

BOOST_AUTO_TEST_CASE(a_count_by_user_has_a_rate) {
    for (const auto& kind : limits::all_limits()) {
        if (!kind.and_of_user) continue;
        const auto& of_user = limits::kind_of(*kind.and_of_user);
        BOOST_TEST(of_user.rate.has_value(), kind.name);
        BOOST_TEST(of_user.counted_by == "user", kind.name);
        BOOST_TEST(!of_user.and_of_user.has_value(), kind.name);
    }
}

// The wall is in front of everybody, also of those whom the service counts more leniently.
BOOST_AUTO_TEST_CASE(the_wall_lets_more_through_than_the_service_does) {
    for (const auto& kind : limits::all_limits()) {
        if (!kind.rate || !kind.wall) continue;
        const auto& wall = limits::all_walls()[static_cast<std::size_t>(*kind.wall)];
        BOOST_TEST((wall.wall == *kind.wall));
        const auto a_minute = std::chrono::minutes{1} / kind.rate->forgotten;
        BOOST_TEST(wall.per_minute >= static_cast<unsigned>(a_minute), kind.name);
    }
}

BOOST_AUTO_TEST_SUITE_END()
