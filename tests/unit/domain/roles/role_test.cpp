#include "roles/role.h"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(role)

using namespace csauth;

BOOST_AUTO_TEST_CASE(flags_add_up_and_the_highest_role_wins_among_custom_entries) {
    const auto all = roles::effective_permissions({
        {.name = "low",
         .priority = 1,
         .flags = {.can_ban_users = true},
         .custom = {{"quota", "1"}, {"wiki:edit", "true"}}},
        {.name = "high", .priority = 9, .flags = {.can_moderate = true}, .custom = {{"quota", "9"}}},
        {.name = "alike", .priority = 9, .flags = {}, .custom = {{"quota", "8"}}},
    });
    BOOST_TEST(all.flags.can_ban_users);
    BOOST_TEST(all.flags.can_moderate);
    BOOST_TEST(!all.flags.can_manage_roles);
    BOOST_TEST(all.custom.at("quota") == "8");  // of equals, the name that sorts first
    BOOST_TEST(all.granted() == (std::vector<std::string>{"can_moderate", "can_ban_users", "wiki:edit"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_custom_entry_can_not_stand_for_a_flag) {
    const auto all =
        roles::effective_permissions({{.name = "sly",
                                       .priority = 1,
                                       .flags = {.can_moderate = true},
                                       .custom = {{"can_manage_users", "true"}, {"can_moderate", "false"}}}});
    BOOST_TEST(!all.flags.can_manage_users);
    BOOST_TEST(all.flags.can_moderate);
    BOOST_TEST(all.custom.empty());
}

BOOST_AUTO_TEST_SUITE_END()
