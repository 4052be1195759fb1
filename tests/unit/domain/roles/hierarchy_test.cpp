#include "roles/hierarchy.h"

#include <boost/test/unit_test.hpp>
#include <optional>

#include "fakes/world.h"

using namespace csauth;
using namespace std::chrono_literals;
using roles::Actor;
using roles::Flags;

namespace {

constexpr Flags kAllFlags{true, true, true, true, true};

struct Fixture : fakes::World {
    UserId admin =
        made("admin@example.com", "boss", {{.name = "admin", .priority = 100, .flags = kAllFlags}});
    UserId lead = made("lead@example.com", "leader",
                       {{.name = "lead", .priority = 50, .flags = {.can_ban_users = true}}});
    UserId bob = made("bob@example.com", "bobby", {{.name = "member", .is_default = true}});
    int acts = 0;

    UserId made(const char* email, const char* username, const std::vector<roles::Role>& held) {
        const auto id = register_account(email, username)->user.id;
        users.rows.at(id).user.is_verified = true;
        roles.give(id, held);
        return id;
    }
    static std::optional<ErrorCode> code(const Result<void>& result) {
        return result ? std::nullopt : std::optional{result.error().code};
    }
    /// Acts as `actor`, and changes something that a refusal must undo.
    std::optional<ErrorCode> act(const Actor& actor, roles::Flag needed = &Flags::can_ban_users) {
        return code(hierarchy.act(actor, needed, [&](const roles::Authority&) -> Result<void> {
            ++acts;
            users.raise_epoch(bob);
            return {};
        }));
    }
    std::optional<ErrorCode> act_on(const Actor& actor, UserId subject) {
        return code(hierarchy.act_on(actor, &Flags::can_ban_users, subject,
                                     [&](const users::User& user) -> Result<void> {
                                         BOOST_CHECK(user.id == subject);
                                         ++acts;
                                         return {};
                                     }));
    }
    users::Epoch epoch_of_bob() { return users.rows.at(bob).user.epoch; }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(hierarchy)

BOOST_FIXTURE_TEST_CASE(actor_needs_the_flag_and_the_operator_none, Fixture) {
    BOOST_CHECK(act(Actor::account(lead)) == std::nullopt);
    BOOST_CHECK(act(Actor::account(lead), &Flags::can_manage_users) == ErrorCode::permission_denied);
    BOOST_CHECK(act(Actor::account(bob)) == ErrorCode::permission_denied);
    BOOST_TEST(acts == 1);
    for (const auto& named : roles::kFlags)
        BOOST_CHECK(act(Actor::the_operator(), named.flag) == std::nullopt);
}

BOOST_FIXTURE_TEST_CASE(database_decides_about_the_actor_not_the_token, Fixture) {
    users.rows.at(lead).user.is_verified = false;
    BOOST_CHECK(act(Actor::account(lead)) == ErrorCode::email_unverified);
    users.rows.at(lead).user.is_verified = true;
    users.ban(lead, {clock.now() + 1h, "spam"}, clock.now());
    BOOST_CHECK(act(Actor::account(lead)) == ErrorCode::session_ended);
    clock.advance(1h);
    BOOST_CHECK(act(Actor::account(lead)) == std::nullopt);
    users.rows.erase(lead);
    BOOST_CHECK(act(Actor::account(lead)) == ErrorCode::session_ended);
    BOOST_TEST(acts == 1);
}

BOOST_FIXTURE_TEST_CASE(actor_reaches_lower_users_alone, Fixture) {
    const auto leader = Actor::account(lead);
    const auto peer = made("eve@example.com", "evelyn", roles.held_by(lead));
    BOOST_CHECK(act_on(leader, bob) == std::nullopt);
    BOOST_CHECK(act_on(leader, peer) == ErrorCode::permission_denied);
    BOOST_CHECK(act_on(leader, admin) == ErrorCode::permission_denied);
    BOOST_CHECK(act_on(leader, lead) == ErrorCode::permission_denied);
    BOOST_CHECK(act_on(leader, UserId::make(clock.now(), random)) == ErrorCode::not_found);
    BOOST_TEST(acts == 1);
    BOOST_CHECK(act_on(Actor::the_operator(), admin) == std::nullopt);
    BOOST_CHECK(act_on(Actor::account(admin), admin) == ErrorCode::permission_denied);
}

BOOST_FIXTURE_TEST_CASE(action_that_raises_the_actors_rights_is_undone, Fixture) {
    const auto before = epoch_of_bob();
    const auto raise = [&](const Actor& actor) {
        return code(hierarchy.act(actor, &Flags::can_ban_users, [&](const roles::Authority&) -> Result<void> {
            users.raise_epoch(bob);
            roles.rows.at("lead").flags.can_moderate = true;
            return {};
        }));
    };
    BOOST_CHECK(raise(Actor::account(lead)) == ErrorCode::permission_denied);
    BOOST_TEST(!roles.rows.at("lead").flags.can_moderate);
    BOOST_TEST(epoch_of_bob() == before);
    BOOST_CHECK(raise(Actor::account(admin)) == std::nullopt);  // the rights of others
    BOOST_TEST(roles.rows.at("lead").flags.can_moderate);
}

BOOST_FIXTURE_TEST_CASE(refusal_of_the_action_is_passed_on_and_undone, Fixture) {
    const auto before = epoch_of_bob();
    const auto result = hierarchy.act(Actor::account(lead), &Flags::can_ban_users,
                                      [&](const roles::Authority&) -> Result<int> {
                                          users.raise_epoch(bob);
                                          return Error{.code = ErrorCode::role_taken};
                                      });
    BOOST_REQUIRE(!result);
    BOOST_CHECK(result.error().code == ErrorCode::role_taken);
    BOOST_TEST(epoch_of_bob() == before);
}

BOOST_FIXTURE_TEST_CASE(last_role_manager_stays_for_every_actor, Fixture) {
    const auto take_away = [&](const Actor& actor) {
        return code(hierarchy.guard(actor, [&]() -> Result<void> {
            roles.held[admin].clear();
            return {};
        }));
    };
    for (const auto& actor : {Actor::account(admin), Actor::the_operator()}) {
        BOOST_CHECK(take_away(actor) == ErrorCode::last_role_manager);
        BOOST_TEST(roles.held[admin].contains("admin"));
    }
    const auto deputy = made("eve@example.com", "evelyn", roles.held_by(admin));
    BOOST_CHECK(take_away(Actor::account(deputy)) == std::nullopt);
    roles.held[deputy].clear();  // nobody is left
    BOOST_CHECK(take_away(Actor::the_operator()) == std::nullopt);
}

BOOST_FIXTURE_TEST_CASE(only_the_operator_ends_the_last_peer, Fixture) {
    made("eve@example.com", "evelyn",
         {{.name = "roles", .priority = 10, .flags = {.can_manage_roles = true}}});
    const auto end_peer = [&](const Actor& actor) {
        return code(hierarchy.guard(actor, [&]() -> Result<void> {
            roles.held[admin].clear();
            return {};
        }));
    };
    BOOST_CHECK(end_peer(Actor::account(admin)) == ErrorCode::last_role_manager);
    BOOST_TEST(roles.held[admin].contains("admin"));
    BOOST_CHECK(end_peer(Actor::the_operator()) == std::nullopt);
}

BOOST_FIXTURE_TEST_CASE(actions_wait_for_each_other, Fixture) {
    const auto before = roles.guards;
    act(Actor::account(lead));
    act(Actor::account(bob));
    BOOST_TEST(roles.guards == before + 2);  // a refusal was judged under the guard, too
}

BOOST_AUTO_TEST_SUITE_END()
