#include "accounts/bans.h"

#include <boost/test/unit_test.hpp>

#include "fakes/world.h"
#include "unit/domain/accounts/administration_fixture.h"

using namespace csauth;
using namespace std::chrono_literals;
using roles::Actor;
using namespace csauth::tests;

BOOST_AUTO_TEST_SUITE(bans)

BOOST_FIXTURE_TEST_CASE(a_ban_ends_all_sessions_and_is_told, AdministrationFixture) {
    BOOST_REQUIRE(live_sessions(bob) == 1);
    const auto banned = bans.ban(actor, bob, reason, std::nullopt, origin);
    BOOST_REQUIRE(!!banned);
    BOOST_TEST(banned->ban->reason == "spam in every room");
    BOOST_TEST(banned->epoch == 1U);
    BOOST_TEST(live_sessions(bob) == 0U);
    BOOST_TEST(outbox.last(outbox::Template::account_banned, "bob@example.com") != nullptr);
    BOOST_TEST(audit.count(audit::Action::user_banned) == 1);
    BOOST_TEST(audit.acts.back().detail == "for good: spam in every room");
    BOOST_CHECK(sign_in("bob@example.com", "correct horse").error().code == ErrorCode::account_banned);
    BOOST_CHECK(sign_in("bob@example.com", "wrong wrong").error().code == ErrorCode::invalid_credentials);
}

BOOST_FIXTURE_TEST_CASE(a_ban_ends_by_itself, AdministrationFixture) {
    const auto until = clock.now() + 1h;
    BOOST_REQUIRE(!!bans.ban(actor, bob, reason, until, origin));
    BOOST_TEST(outbox.last(outbox::Template::account_suspended, "bob@example.com") != nullptr);
    clock.advance(1h - 1us);
    BOOST_CHECK(sign_in("bob@example.com", "correct horse").error().code == ErrorCode::account_banned);
    BOOST_TEST(accounts::forget_ended_bans(users, audit, transactions, 10, clock.now()) == 0U);
    clock.advance(1us);
    BOOST_TEST(!!sign_in("bob@example.com", "correct horse"));
    BOOST_TEST(accounts::forget_ended_bans(users, audit, transactions, 10, clock.now()) == 1U);
    BOOST_TEST(accounts::forget_ended_bans(users, audit, transactions, 10, clock.now()) == 0U);
    BOOST_TEST(audit.count(audit::Action::user_unbanned) == 1);
}

BOOST_FIXTURE_TEST_CASE(a_ban_can_be_lifted_and_replaced, AdministrationFixture) {
    BOOST_TEST(!!bans.lift(actor, bob, origin));  // there is none
    BOOST_TEST(outbox.last(outbox::Template::ban_lifted, "bob@example.com") == nullptr);
    BOOST_REQUIRE(!!bans.ban(actor, bob, reason, std::nullopt, origin));
    const auto shorter =
        bans.ban(actor, bob, *accounts::BanReason::parse("less"), clock.now() + 1min, origin);
    BOOST_TEST(shorter->ban->reason == "less");
    BOOST_TEST(shorter->ban->until.has_value());
    BOOST_TEST(!!bans.lift(actor, bob, origin));
    BOOST_TEST(outbox.last(outbox::Template::ban_lifted, "bob@example.com") != nullptr);
    BOOST_TEST(!!sign_in("bob@example.com", "correct horse"));
}

BOOST_FIXTURE_TEST_CASE(a_ban_needs_an_end_in_the_future_and_a_reason, AdministrationFixture) {
    const auto refusal = bans.ban(actor, bob, reason, clock.now(), origin);
    BOOST_REQUIRE(!refusal);
    BOOST_TEST(refusal.error().fields.at(0).field == "until");
    BOOST_TEST(!!bans.ban(actor, bob, reason, clock.now() + 1us, origin));
    BOOST_TEST(!!accounts::BanReason::parse(std::string(500, 'x')));
    BOOST_TEST(!accounts::BanReason::parse(std::string(501, 'x')));
    BOOST_TEST(!accounts::BanReason::parse(""));
    BOOST_TEST(!accounts::BanReason::parse("two\x07lines"));
    BOOST_TEST(!accounts::BanReason::parse(" \n"));
}

BOOST_FIXTURE_TEST_CASE(nobody_bans_themselves_or_the_last_who_can_manage_roles, AdministrationFixture) {
    BOOST_CHECK(refused(bans.ban(actor, boss, reason, std::nullopt, origin)) == ErrorCode::permission_denied);
    BOOST_CHECK(refused(bans.ban(Actor::the_operator(), boss, reason, std::nullopt, origin)) ==
                ErrorCode::last_role_manager);
    BOOST_TEST(!users.rows.at(boss).user.ban.has_value());
    BOOST_CHECK(refused(bans.ban(actor, UserId{}, reason, std::nullopt, origin)) == ErrorCode::not_found);
    const auto other = made("other@example.com", "other", {*roles.find("admin")});
    BOOST_TEST(!!bans.ban(actor, other, reason, std::nullopt, origin));  // a peer
    BOOST_CHECK(refused(bans.ban(Actor::account(other), boss, reason, std::nullopt, origin)) ==
                ErrorCode::session_ended);
}

BOOST_AUTO_TEST_SUITE_END()
