#include "roles/role_administration.h"

#include <boost/test/unit_test.hpp>

#include "fakes/world.h"

BOOST_AUTO_TEST_SUITE(role_administration)

using namespace csauth;
using roles::Actor;

namespace {

constexpr roles::Flags kAll{true, true, true, true, true};

struct Fixture : fakes::World {
    roles::Role admin_role{.name = "admin", .priority = 100, .flags = kAll};
    UserId admin = made("admin@example.com", "boss", {admin_role});
    UserId bob = made("bob@example.com", "bobby", {{.name = "member", .is_default = true}});
    Actor boss = Actor::account(admin);

    UserId made(const char* email, const char* username, const std::vector<roles::Role>& held) {
        const auto id = register_account(email, username)->user.id;
        users.rows.at(id).user.is_verified = true;
        roles.give(id, held);
        return id;
    }
    static roles::RoleName name(const char* text) { return *roles::RoleName::parse(text); }
    bool was_recalled(const recall::Recall& recall) const {
        return std::find(recalls.posted.begin(), recalls.posted.end(), recall) != recalls.posted.end();
    }
    template <class T>
    static ErrorCode refused(const Result<T>& result) {
        return result ? ErrorCode::internal_error : result.error().code;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(a_role_is_made_changed_given_taken_and_deleted, Fixture) {
    auto& service = role_administration;
    const auto made =
        service.create(boss, name("editor"), {.priority = 10, .custom = {{{"wiki:edit", "true"}}}}, origin);
    BOOST_REQUIRE(!!made);
    BOOST_TEST(made->priority == 10);
    BOOST_CHECK(made->created_at == clock.now());
    BOOST_TEST(!made->is_default);

    const auto granted = service.grant(boss, bob, name("editor"), origin);
    BOOST_REQUIRE(!!granted);
    BOOST_TEST(roles::names_of(*granted) == (std::vector<std::string>{"editor", "member"}));
    BOOST_TEST(was_recalled(recall::Recall::of(bob)));

    const auto changed =
        service.change(boss, name("editor"), {.flags = {{&roles::Flags::can_moderate, true}}}, origin);
    BOOST_REQUIRE(!!changed);
    BOOST_TEST(changed->flags.can_moderate);
    BOOST_TEST(changed->custom.size() == 1U);  // what was not named stays
    BOOST_TEST(was_recalled(recall::Recall::of_role("editor")));

    BOOST_TEST(!!service.revoke(boss, bob, name("editor"), origin));
    BOOST_TEST(!!service.remove(boss, name("editor"), origin));
    BOOST_TEST(!roles.find("editor").has_value());
    BOOST_TEST(audit.count(audit::Action::permissions_changed) == 3);
    BOOST_TEST(audit.count(audit::Action::roles_changed) == 2);
    BOOST_CHECK(audit.acts.back().actor == admin);
}

BOOST_FIXTURE_TEST_CASE(doing_it_twice_is_fine_and_written_once, Fixture) {
    auto& service = role_administration;
    BOOST_TEST(!!service.create(boss, name("editor"), {}, origin));
    for (int i = 0; i < 2; ++i) {
        BOOST_TEST(!!service.grant(boss, bob, name("editor"), origin));
        BOOST_TEST(!!service.change(boss, name("editor"), {.priority = 7}, origin));
    }
    for (int i = 0; i < 2; ++i)
        BOOST_TEST(!!service.revoke(boss, bob, name("editor"), origin));
    BOOST_TEST(audit.count(audit::Action::roles_changed) == 2);
    BOOST_TEST(audit.count(audit::Action::permissions_changed) == 2);
}

BOOST_FIXTURE_TEST_CASE(what_is_not_there_or_is_taken_is_said, Fixture) {
    auto& service = role_administration;
    BOOST_CHECK(refused(service.change(boss, name("none"), {}, origin)) == ErrorCode::not_found);
    BOOST_CHECK(refused(service.remove(boss, name("none"), origin)) == ErrorCode::not_found);
    BOOST_CHECK(refused(service.grant(boss, bob, name("none"), origin)) == ErrorCode::not_found);
    BOOST_CHECK(refused(service.revoke(boss, bob, name("none"), origin)) == ErrorCode::not_found);
    BOOST_CHECK(refused(service.grant(boss, UserId{}, name("member"), origin)) == ErrorCode::not_found);
    BOOST_CHECK(refused(service.create(boss, name("member"), {}, origin)) == ErrorCode::role_taken);
    BOOST_CHECK(refused(service.remove(boss, name("member"), origin)) ==
                ErrorCode::role_in_use);  // the default
}

BOOST_FIXTURE_TEST_CASE(there_are_so_many_roles_and_no_more, Fixture) {
    auto& service = role_administration;
    for (std::size_t i = roles.rows.size(); i < roles::kMostRoles; ++i)
        BOOST_REQUIRE(!!service.create(boss, name(("r" + std::to_string(i)).c_str()), {}, origin));
    BOOST_CHECK(refused(service.create(boss, name("one-more"), {}, origin)) == ErrorCode::limit_reached);

    for (std::size_t i = roles.held_by(bob).size(); i < roles::kMostRolesOfUser; ++i)
        BOOST_REQUIRE(!!service.grant(boss, bob, name(("r" + std::to_string(100 + i)).c_str()), origin));
    BOOST_CHECK(refused(service.grant(boss, bob, name("r99"), origin)) == ErrorCode::limit_reached);
    BOOST_TEST(roles.held_by(bob).size() == roles::kMostRolesOfUser);  // it was rolled back
    BOOST_TEST(!!service.grant(boss, bob, name("r101"), origin));      // held already
}

BOOST_FIXTURE_TEST_CASE(the_last_who_can_manage_roles_stays, Fixture) {
    auto& service = role_administration;
    BOOST_CHECK(refused(service.revoke(boss, admin, name("admin"), origin)) == ErrorCode::last_role_manager);
    BOOST_CHECK(refused(service.remove(boss, name("admin"), origin)) == ErrorCode::last_role_manager);
    BOOST_CHECK(refused(service.change(boss, name("admin"),
                                       {.flags = {{&roles::Flags::can_manage_roles, false}}}, origin)) ==
                ErrorCode::last_role_manager);
    BOOST_TEST(roles.held_by(admin).size() == 1U);
    BOOST_TEST(roles.find("admin")->flags.can_manage_roles);
    const auto operators = Actor::the_operator();
    BOOST_CHECK(refused(service.revoke(operators, admin, name("admin"), origin)) ==
                ErrorCode::last_role_manager);

    // A user who is banned, or has no confirmed address, does not count.
    roles.give(bob, {admin_role});
    users.rows.at(bob).user.is_verified = false;
    BOOST_CHECK(refused(service.revoke(boss, admin, name("admin"), origin)) == ErrorCode::last_role_manager);
    users.rows.at(bob).user.is_verified = true;
    users.rows.at(bob).user.ban = users::Ban{};
    BOOST_CHECK(refused(service.revoke(boss, admin, name("admin"), origin)) == ErrorCode::last_role_manager);
    users.rows.at(bob).user.ban.reset();
    BOOST_TEST(!!service.revoke(boss, admin, name("admin"), origin));
    BOOST_TEST(roles.has_manager(clock.now()));
}

BOOST_FIXTURE_TEST_CASE(somebody_with_all_rights_stays_unless_the_operator_has_it_so, Fixture) {
    auto& service = role_administration;
    const roles::RoleChange fewer{.flags = {{&roles::Flags::can_delete_messages, false}}};
    const auto refusal = service.change(boss, name("admin"), fewer, origin);
    BOOST_CHECK(refused(refusal) == ErrorCode::last_role_manager);
    BOOST_TEST(refusal.error().detail.find("all flags") != std::string::npos);
    BOOST_TEST(roles.find("admin")->flags.can_delete_messages);

    // A user of lower priority who can manage roles does not replace them. A second peer does.
    const auto lesser = made("lead@example.com", "leader",
                             {{.name = "lead", .priority = 60, .flags = {.can_manage_roles = true}}});
    BOOST_CHECK(refused(service.revoke(boss, admin, name("admin"), origin)) == ErrorCode::last_role_manager);
    BOOST_CHECK(refused(deletion.delete_account(admin, *users::Password::parse("correct horse"), origin)) ==
                ErrorCode::last_role_manager);
    BOOST_TEST(!!deletion.delete_account(lesser, *users::Password::parse("correct horse"), origin));
    roles.give(bob, {admin_role});
    BOOST_TEST(!!service.revoke(boss, admin, name("admin"), origin));

    BOOST_TEST(!!service.change(Actor::the_operator(), name("admin"), fewer, origin));
    BOOST_TEST(!roles.has_peer(clock.now()));
}

BOOST_FIXTURE_TEST_CASE(nobody_uncovers_for_others_what_they_lack, Fixture) {
    const roles::Role masked{.name = "masked", .priority = 10, .custom = {{"wiki:delete", "true"}}};
    const roles::Role mask{.name = "mask", .priority = 20, .custom = {{"wiki:delete", "false"}}};
    const auto lead =
        Actor::account(made("lead@example.com", "leader",
                            {{.name = "lead", .priority = 60, .flags = {.can_manage_roles = true}}}));
    roles.give(bob, {masked, mask});
    auto& service = role_administration;
    BOOST_CHECK(refused(service.revoke(lead, bob, name("mask"), origin)) == ErrorCode::permission_denied);
    BOOST_CHECK(refused(service.remove(lead, name("mask"), origin)) == ErrorCode::permission_denied);
    BOOST_CHECK(refused(service.change(lead, name("mask"), {.custom = roles::Custom{}}, origin)) ==
                ErrorCode::permission_denied);
    BOOST_CHECK(refused(service.change(lead, name("mask"), {.priority = 5}, origin)) ==
                ErrorCode::permission_denied);
    BOOST_TEST(roles.held_by(bob).size() == 2U);
    BOOST_TEST(!!service.change(lead, name("mask"), {.priority = 30}, origin));
    BOOST_TEST(!!service.revoke(lead, bob, name("masked"), origin));
    BOOST_TEST(!!service.revoke(lead, bob, name("mask"), origin));  // there is nothing below it any more
    roles.give(bob, {masked, mask});
    BOOST_TEST(!!service.revoke(boss, bob, name("mask"), origin));
    BOOST_TEST(!!service.remove(boss, name("mask"), origin));
}

BOOST_FIXTURE_TEST_CASE(the_log_says_what_is_in_a_role_and_who_lost_it, Fixture) {
    auto& service = role_administration;
    const auto last = [&] { return audit.acts.back().detail; };
    BOOST_TEST(!!service.create(boss, name("editor"),
                                {.priority = 10,
                                 .flags = {{&roles::Flags::can_moderate, true}},
                                 .custom = {{{"quota", "5"}, {"wiki:edit", "true"}}}},
                                origin));
    BOOST_TEST(last() == "made role editor: priority 10, can_moderate, quota 5, wiki:edit true");
    BOOST_TEST(!!service.change(boss, name("editor"),
                                {.priority = 20,
                                 .flags = {{&roles::Flags::can_moderate, false}},
                                 .custom = {{{"quota", "\"" + std::string(80, 'x') + "\""}, {"new", "1"}}}},
                                origin));
    BOOST_TEST(last() ==
               "role editor: priority 10 to 20, can_moderate to false, new nothing to 1, quota 5 to \"" +
                   std::string(39, 'x') + "…, wiki:edit true to nothing");
    BOOST_TEST(!!service.grant(boss, bob, name("editor"), origin));
    BOOST_TEST(!!service.remove(boss, name("editor"), origin));
    BOOST_TEST(last().starts_with("deleted role editor: priority 20, new 1, quota"));
    const auto& lost = audit.acts.at(audit.acts.size() - 2);
    BOOST_CHECK(lost.subject == bob);
    BOOST_TEST(lost.detail == "revoked editor, which was deleted");
}

BOOST_FIXTURE_TEST_CASE(a_role_with_too_many_holders_is_not_deleted, Fixture) {
    roles.rows["crowd"] = {.name = "crowd", .priority = 1};
    for (std::size_t i = 0; i < roles::kMostHoldersOfDeleted + 1; ++i)
        roles.held[UserId::make(clock.now(), random)].insert("crowd");
    BOOST_CHECK(refused(role_administration.remove(boss, name("crowd"), origin)) == ErrorCode::role_in_use);
    roles.held.erase(roles.held.begin());
    if (roles.holders_of("crowd", roles::kMostHoldersOfDeleted + 1).size() > roles::kMostHoldersOfDeleted)
        roles.held.erase(std::prev(roles.held.end()));
    BOOST_TEST(!!role_administration.remove(boss, name("crowd"), origin));
}

BOOST_FIXTURE_TEST_CASE(where_nobody_ever_could_nothing_is_in_the_way, Fixture) {
    roles.held.clear();
    roles.rows.erase("admin");
    const auto operators = Actor::the_operator();
    BOOST_TEST(!!role_administration.create(operators, name("editor"), {}, origin));
    BOOST_TEST(!!role_administration.grant(operators, bob, name("editor"), origin));
    BOOST_TEST(!!role_administration.revoke(operators, bob, name("editor"), origin));
}

BOOST_FIXTURE_TEST_CASE(who_lost_the_right_a_moment_ago_has_lost_it, Fixture) {
    // Their token was good when the request came in; the guard asks the database.
    const auto late = made("late@example.com", "latecomer", {admin_role});
    BOOST_TEST(!!role_administration.revoke(boss, late, name("admin"), origin));
    BOOST_CHECK(refused(role_administration.revoke(Actor::account(late), admin, name("admin"), origin)) ==
                ErrorCode::permission_denied);
    roles.give(late, {admin_role});
    users.rows.at(late).user.ban = users::Ban{};
    BOOST_CHECK(refused(role_administration.revoke(Actor::account(late), admin, name("admin"), origin)) ==
                ErrorCode::session_ended);
    users.rows.at(late).user.ban.reset();
    users.rows.at(late).user.is_verified = false;
    BOOST_CHECK(refused(role_administration.revoke(Actor::account(late), admin, name("admin"), origin)) ==
                ErrorCode::email_unverified);
    BOOST_TEST(roles.held_by(admin).size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_role_is_judged_before_and_after_the_change, Fixture) {
    const auto lead = Actor::account(
        made("lead@example.com", "leader",
             {{.name = "lead", .priority = 60, .flags = {.can_moderate = true, .can_manage_roles = true}}}));
    auto& service = role_administration;
    BOOST_TEST(!!service.create(lead, name("low"), {.priority = 59}, origin));
    BOOST_CHECK(refused(service.create(lead, name("high"), {.priority = 60}, origin)) ==
                ErrorCode::permission_denied);
    BOOST_CHECK(refused(service.change(lead, name("low"), {.priority = 60}, origin)) ==
                ErrorCode::permission_denied);
    BOOST_CHECK(refused(service.change(lead, name("low"), {.flags = {{&roles::Flags::can_ban_users, true}}},
                                       origin)) == ErrorCode::permission_denied);
    BOOST_CHECK(refused(service.change(lead, name("low"), {.custom = {{{"x", "true"}}}}, origin)) ==
                ErrorCode::permission_denied);
    BOOST_TEST(!!service.change(lead, name("low"), {.flags = {{&roles::Flags::can_moderate, true}}}, origin));
    // A role with what they lack is not theirs to touch, not even to describe or to lower.
    roles.rows["bans"] = {.name = "bans", .priority = 5, .flags = {.can_ban_users = true}};
    BOOST_CHECK(refused(service.change(lead, name("bans"), {.priority = 1}, origin)) ==
                ErrorCode::permission_denied);
    BOOST_CHECK(refused(service.change(lead, name("admin"), {.priority = 1}, origin)) ==
                ErrorCode::permission_denied);
    BOOST_CHECK(refused(service.grant(lead, bob, name("bans"), origin)) == ErrorCode::permission_denied);
    BOOST_TEST(!!service.remove(lead, name("bans"), origin));
}

BOOST_FIXTURE_TEST_CASE(nobody_raises_themselves, Fixture) {
    // A higher role masks what a lower one allows. A user who could drop the mask would gain by it.
    const roles::Role masked{.name = "masked", .priority = 10, .custom = {{"wiki:delete", "true"}}};
    const roles::Role mask{.name = "mask", .priority = 20, .custom = {{"wiki:delete", "false"}}};
    const roles::Role lead_role{.name = "lead", .priority = 60, .flags = {.can_manage_roles = true}};
    const auto lead = made("lead@example.com", "leader", {lead_role, mask, masked});
    const auto actor = Actor::account(lead);
    BOOST_CHECK(refused(role_administration.revoke(actor, lead, name("mask"), origin)) ==
                ErrorCode::permission_denied);
    BOOST_CHECK(refused(role_administration.remove(actor, name("mask"), origin)) ==
                ErrorCode::permission_denied);
    BOOST_CHECK(refused(role_administration.change(actor, name("mask"), {.priority = 5}, origin)) ==
                ErrorCode::permission_denied);
    BOOST_TEST(roles.held_by(lead).size() == 3U);
    // Their own role is as high as they are; and what is lower they may lay down.
    BOOST_CHECK(refused(role_administration.revoke(actor, lead, name("lead"), origin)) ==
                ErrorCode::permission_denied);
    BOOST_TEST(!!role_administration.revoke(actor, lead, name("masked"), origin));
}

BOOST_FIXTURE_TEST_CASE(of_two_who_take_the_role_from_each_other_one_stays, Fixture) {
    const auto other = made("other@example.com", "otherboss", {admin_role});
    BOOST_TEST(!!role_administration.revoke(boss, other, name("admin"), origin));
    BOOST_CHECK(refused(role_administration.revoke(Actor::account(other), admin, name("admin"), origin)) ==
                ErrorCode::permission_denied);
    BOOST_TEST(roles.guards == 2);
}

BOOST_AUTO_TEST_CASE(names_descriptions_and_custom_permissions_have_limits) {
    using roles::RoleName;
    for (const auto* good : {"a", "9", "a.b_c-d", "wiki-editor"})
        BOOST_TEST(!!RoleName::parse(good), good);
    BOOST_TEST(!!RoleName::parse(std::string(50, 'a')));
    BOOST_CHECK(RoleName::parse(std::string(51, 'a')).error().code == FieldCode::too_long);
    for (const auto* bad : {"", "-a", ".a", "A", "a b", "a:b", "ä", "a/b", "a,b"})
        BOOST_CHECK(RoleName::parse(bad).error().code == FieldCode::invalid);

    BOOST_TEST(!!roles::RoleDescription::parse(std::string(255, 'x')));
    BOOST_TEST(!roles::RoleDescription::parse(std::string(256, 'x')));
    BOOST_TEST(!roles::RoleDescription::parse("two\x07lines"));

    BOOST_TEST(!!roles::check_custom({{"wiki:edit", "true"}, {"a.b", "{\"x\":1}"}}));
    BOOST_CHECK(roles::check_custom({{"Wiki", "true"}}).error().code == FieldCode::invalid);
    BOOST_CHECK(roles::check_custom({{"", "true"}}).error().code == FieldCode::invalid);
    BOOST_CHECK(roles::check_custom({{"can_ban_users", "true"}}).error().code == FieldCode::reserved);
    // {"a":"…"} of exactly 8 KiB, and one byte more.
    const auto value = [](std::size_t size) { return '"' + std::string(size - 2, 'x') + '"'; };
    BOOST_TEST(!!roles::check_custom({{"a", value(roles::kLongestCustomPermissions - 6)}}));
    BOOST_CHECK(roles::check_custom({{"a", value(roles::kLongestCustomPermissions - 5)}}).error().code ==
                FieldCode::too_long);
}

BOOST_AUTO_TEST_SUITE_END()
