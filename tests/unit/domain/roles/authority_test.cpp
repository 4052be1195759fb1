#include "roles/authority.h"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(authority)

using namespace csauth;
using roles::Authority;
using roles::Role;

namespace {

constexpr roles::Flags kAll{true, true, true, true, true};
constexpr int kHighest = 100;

Role role(int priority, roles::Flags flags = {}, roles::Custom custom = {}) {
    return {.name = "r" + std::to_string(priority),
            .priority = priority,
            .flags = flags,
            .custom = std::move(custom)};
}

Authority of(std::vector<Role> held, int highest = kHighest) { return {held, highest}; }

}  // namespace

BOOST_AUTO_TEST_CASE(nobody_acts_on_who_stands_as_high_or_higher) {
    const auto lead = of({role(60, kAll)});
    BOOST_TEST(!!lead.act_on(of({role(59, kAll)})));
    BOOST_TEST(!!lead.act_on(of({})));
    BOOST_CHECK(lead.act_on(of({role(60)})).error().code == ErrorCode::permission_denied);
    BOOST_TEST(!lead.act_on(of({role(61)})));
    // The highest role counts, not the last.
    BOOST_TEST(!lead.act_on(of({role(10), role(60), role(20)})));
}

BOOST_AUTO_TEST_CASE(who_holds_no_role_stands_below_the_lowest) {
    const auto none = of({});
    BOOST_TEST(!none.act_on(none));
    BOOST_TEST(!none.reach(role(roles::kLowestPriority)));
    BOOST_TEST(!!of({role(roles::kLowestPriority)}).act_on(none));
}

BOOST_AUTO_TEST_CASE(holders_of_all_flags_at_the_highest_priority_are_peers) {
    const auto admin = of({role(kHighest, kAll)});
    BOOST_TEST(!!admin.act_on(admin));
    BOOST_TEST(!!admin.act_on(of({role(kHighest)})));
    BOOST_TEST(!admin.act_on(of({role(kHighest + 1)})));
    BOOST_TEST(!!admin.hand_out(role(kHighest, kAll)));
    BOOST_TEST(!admin.hand_out(role(kHighest + 1, kAll)));
    BOOST_TEST(!!admin.hand_out(role(5, {}, {{"new:one", "true"}})));

    // Not without one of the flags, and not below somebody.
    auto four = kAll;
    four.can_delete_messages = false;
    BOOST_TEST(!of({role(kHighest, four)}).act_on(admin));
    BOOST_TEST(!of({role(kHighest, kAll)}, kHighest + 1).act_on(admin));
    // The flags may come from several roles.
    BOOST_TEST(!!of({role(kHighest, four), role(1, {.can_delete_messages = true})}).act_on(admin));
}

BOOST_AUTO_TEST_CASE(nobody_hands_out_a_flag_that_they_lack) {
    for (const auto& named : roles::kFlags) {
        roles::Flags one;
        one.*named.flag = true;
        roles::Flags others = kAll;
        others.*named.flag = false;
        BOOST_TEST(!!of({role(60, one)}).hand_out(role(10, one)), named.name);
        const auto refused = of({role(60, others)}).hand_out(role(10, one));
        BOOST_REQUIRE(!refused);
        BOOST_TEST(refused.error().detail.find(named.name) != std::string::npos);
        BOOST_TEST(!!of({role(60, others)}).reach(role(10, one)), named.name);  // to take it away
    }
}

BOOST_AUTO_TEST_CASE(nobody_hands_out_a_custom_permission_that_they_lack) {
    const auto lead = of({role(60, kAll, {{"wiki:edit", "true"}, {"quota", "5"}})});
    BOOST_TEST(!!lead.hand_out(role(10, {}, {{"wiki:edit", "true"}, {"quota", "5"}})));
    BOOST_TEST(!lead.hand_out(role(10, {}, {{"quota", "6"}})));
    BOOST_TEST(!lead.hand_out(role(10, {}, {{"wiki:delete", "true"}})));
    // What allows nothing is nothing to have.
    BOOST_TEST(!!lead.hand_out(role(10, {}, {{"wiki:delete", "false"}, {"x", "null"}})));
}

BOOST_AUTO_TEST_CASE(more_than_before_is_a_priority_a_flag_or_a_custom_permission) {
    const auto before = of({role(50, {.can_manage_roles = true}, {{"quota", "5"}, {"wiki", "false"}})});
    BOOST_TEST(!before.exceeds(before));
    BOOST_TEST(of({role(51, {.can_manage_roles = true}, {{"quota", "5"}})}).exceeds(before));
    BOOST_TEST(of({role(50, {.can_ban_users = true})}).exceeds(before));
    BOOST_TEST(of({role(50, {}, {{"quota", "6"}})}).exceeds(before));
    BOOST_TEST(of({role(50, {}, {{"wiki", "true"}})}).exceeds(before));
    BOOST_TEST(!of({role(40, {}, {{"wiki", "false"}})}).exceeds(before));
    // Naming custom permissions is a peer's right.
    BOOST_TEST(!of({role(kHighest, kAll, {{"x", "true"}})}).exceeds(of({role(kHighest, kAll)})));
}

BOOST_AUTO_TEST_CASE(nobody_uncovers_what_they_lack) {
    const auto named = [](const char* name, int priority, roles::Custom custom) {
        return Role{.name = name, .priority = priority, .custom = std::move(custom)};
    };
    const auto lead = of({role(60, {}, {{"own", "true"}})});
    const auto admin = of({role(kHighest, kAll)});

    // For a user who loses a role.
    const auto low = named("low", 1, {{"x", "true"}, {"own", "true"}, {"off", "false"}});
    const auto with = [&](roles::Custom mask) { return of({low, named("mask", 2, std::move(mask))}); };
    const auto without = of({low});
    BOOST_TEST(!lead.uncover(with({{"x", "false"}}), without));
    BOOST_TEST(!!admin.uncover(with({{"x", "false"}}), without));
    BOOST_TEST(!!lead.uncover(with({{"own", "false"}}), without));
    BOOST_TEST(!!lead.uncover(with({{"off", "true"}}), without));
    BOOST_TEST(!!lead.uncover(with({{"x", "true"}}), without));  // as it was

    // For a user who holds a role that changes or is deleted.
    const auto mask = named("mask", 2, {{"x", "false"}});
    const std::vector<Role> all{low, mask, named("above", 3, {{"x", "true"}})};
    BOOST_TEST(!lead.uncover(mask, nullptr, all));
    BOOST_TEST(!!admin.uncover(mask, nullptr, all));
    BOOST_TEST(!!lead.uncover(mask, nullptr, {mask, all[2]}));  // higher roles were never hidden
    const auto refused = [&](const Role& then) { return !lead.uncover(mask, &then, all); };
    BOOST_TEST(refused(named("mask", 2, {})));
    BOOST_TEST(refused(named("mask", 2, {{"y", "false"}})));
    BOOST_TEST(refused(named("mask", 0, {{"x", "false"}})));
    BOOST_TEST(refused(named("mask", 1, {{"x", "false"}})));  // of one priority the first name wins
    BOOST_TEST(!refused(named("mask", 5, {{"x", "false"}})));
    BOOST_TEST(!refused(named("mask", 2, {{"x", "null"}, {"y", "1"}})));
}

BOOST_AUTO_TEST_CASE(the_operator_stands_above_everybody) {
    const auto all = Authority::of_the_operator();
    BOOST_TEST(!!all.act_on(of({role(roles::kHighestPriority, kAll)})));
    BOOST_TEST(!!all.hand_out(role(roles::kHighestPriority, kAll, {{"x", "true"}})));
    BOOST_TEST(!of({role(roles::kHighestPriority, kAll)}, roles::kHighestPriority).act_on(all));
}

BOOST_AUTO_TEST_SUITE_END()
