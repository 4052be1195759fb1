#include "audit/audit_log.h"

#include <boost/test/unit_test.hpp>
#include <set>

using namespace csauth;

BOOST_AUTO_TEST_SUITE(audit_log)

BOOST_AUTO_TEST_CASE(every_action_has_a_name_of_its_own) {
    std::set<std::string_view> names;
    for (int i = 0; i <= static_cast<int>(audit::kLastAction); ++i) {
        const auto action = static_cast<audit::Action>(i);
        names.insert(name_of(action));
        BOOST_CHECK(audit::action_named(name_of(action)) == action);
    }
    BOOST_TEST(names.size() == static_cast<std::size_t>(audit::kLastAction) + 1);
    BOOST_TEST(!audit::action_named("authn_nothing").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
