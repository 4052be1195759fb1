#include "accounts/user_administration.h"

#include <boost/test/unit_test.hpp>

#include "fakes/world.h"
#include "unit/domain/accounts/administration_fixture.h"

using namespace csauth;
using namespace std::chrono_literals;
using roles::Actor;
using namespace csauth::tests;

BOOST_AUTO_TEST_SUITE(user_administration)

BOOST_FIXTURE_TEST_CASE(those_who_manage_users_change_names_and_confirmation, AdministrationFixture) {
    const auto changed = user_administration.change(
        actor, bob,
        {.profile = {.username = *users::Username::parse("robert"), .full_name = users::FullName{"Bob"}},
         .is_verified = false},
        origin);
    BOOST_REQUIRE(!!changed);
    BOOST_TEST(changed->username == "robert");
    BOOST_TEST(changed->full_name == "Bob");
    BOOST_TEST(!changed->is_verified);
    BOOST_TEST(outbox.last(outbox::Template::verify_email, "bob@example.com") != nullptr);
    BOOST_TEST(audit.count(audit::Action::user_updated) == 2);
    BOOST_CHECK(audit.acts.back().actor == boss);
    // The former name is theirs for a while.
    BOOST_TEST(users.taken("x", "bobby", clock.now()).username);

    // The time for the confirmation runs anew.
    clock.advance(accounts::kUnverifiedLifetime - 1h);
    BOOST_TEST(accounts::delete_unverified(users, erasure, transactions, 10, clock.now()) == 0U);
    BOOST_TEST(!!user_administration.change(actor, bob, {.is_verified = true}, origin));
    clock.advance(2h);
    BOOST_TEST(accounts::delete_unverified(users, erasure, transactions, 10, clock.now()) == 0U);
    BOOST_TEST(audit.count(audit::Action::email_verified) == 1);
}

BOOST_FIXTURE_TEST_CASE(who_lost_the_confirmation_is_told_and_keeps_what_is_theirs, AdministrationFixture) {
    users.rows.at(bob).user.bio = "plays chess";
    BOOST_REQUIRE(!!user_administration.change(actor, bob, {.is_verified = false}, origin));
    BOOST_REQUIRE(!!bans.ban(actor, bob, reason, std::nullopt, origin));
    BOOST_TEST(outbox.last(outbox::Template::account_banned, "bob@example.com") != nullptr);
    BOOST_REQUIRE(!!bans.lift(actor, bob, origin));
    BOOST_TEST(outbox.last(outbox::Template::ban_lifted, "bob@example.com") != nullptr);

    // A reset confirms the address again; they are no stranger.
    reset_mail.send(*users.find(bob, clock.now()));
    const auto* mail = outbox.last(outbox::Template::reset_password, "bob@example.com");
    BOOST_REQUIRE(!!password_reset.reset(*accounts::PresentedToken::parse(mail->secret),
                                         *users::NewPassword::parse("another horse"), origin));
    BOOST_TEST(users.rows.at(bob).user.is_verified);
    BOOST_TEST(users.rows.at(bob).user.bio == "plays chess");

    BOOST_REQUIRE(!!user_administration.change(actor, bob, {.is_verified = false}, origin));
    BOOST_REQUIRE(!!user_administration.remove(actor, bob, origin));
    BOOST_TEST(outbox.last(outbox::Template::account_removed, "bob@example.com") != nullptr);
    BOOST_TEST(users.taken("x", "bobby", clock.now()).username);
}

BOOST_FIXTURE_TEST_CASE(who_does_not_confirm_again_is_deleted_and_told, AdministrationFixture) {
    BOOST_REQUIRE(!!user_administration.change(actor, bob, {.is_verified = false}, origin));
    clock.advance(accounts::kUnverifiedLifetime + 1us);
    BOOST_TEST(accounts::delete_unverified(users, erasure, transactions, 10, clock.now()) == 1U);
    BOOST_TEST(outbox.last(outbox::Template::account_removed, "bob@example.com") != nullptr);
    BOOST_TEST(users.taken("x", "bobby", clock.now()).username);
    BOOST_TEST(audit.acts.back().detail == "the address was not confirmed");
    BOOST_TEST(!audit.acts.back().actor.has_value());
}

BOOST_FIXTURE_TEST_CASE(an_address_gets_five_mails_a_day_also_from_those_who_manage_users,
                        AdministrationFixture) {
    const auto sent = [&] {
        return std::count_if(outbox.letters.begin(), outbox.letters.end(), [](const auto& letter) {
            return letter.recipient == "bob@example.com" && letter.which == outbox::Template::verify_email;
        });
    };
    for (int i = 0; i < 8; ++i) {
        BOOST_REQUIRE(!!user_administration.change(actor, bob, {.is_verified = false}, origin));
        BOOST_REQUIRE(!!user_administration.change(actor, bob, {.is_verified = true}, origin));
    }
    BOOST_TEST(sent() == 5);  // the one of the registration among them

    const accounts::Invitee guest{
        *users::Email::parse("guest@example.com"), *users::Username::parse("gustav"), {}, "en", {}};
    for (int i = 0; i < 5; ++i) {
        const auto made = user_creation.invite(actor, guest, origin);
        BOOST_REQUIRE(!!made);
        BOOST_REQUIRE(!!user_administration.remove(actor, made->user.id, origin));
    }
    BOOST_CHECK(refused(user_creation.invite(actor, guest, origin)) == ErrorCode::too_many_requests);
    BOOST_TEST(!users.taken("guest@example.com", "gustav", clock.now()));
    clock.advance(24h + 1us);
    BOOST_TEST(!!user_creation.invite(actor, guest, origin));
}

BOOST_FIXTURE_TEST_CASE(a_name_that_is_taken_changes_nothing_at_all, AdministrationFixture) {
    made("eve@example.com", "eve", {});
    const auto refusal = user_administration.change(
        actor, bob, {.profile = {.username = *users::Username::parse("eve")}, .is_verified = false}, origin);
    BOOST_CHECK(refused(refusal) == ErrorCode::username_taken);
    BOOST_TEST(users.rows.at(bob).user.is_verified);
}

BOOST_FIXTURE_TEST_CASE(the_last_manager_keeps_the_confirmation, AdministrationFixture) {
    BOOST_CHECK(refused(user_administration.change(Actor::the_operator(), boss, {.is_verified = false},
                                                   origin)) == ErrorCode::last_role_manager);
    BOOST_CHECK(refused(user_administration.remove(Actor::the_operator(), boss, origin)) ==
                ErrorCode::last_role_manager);
    const auto own = deletion.delete_account(boss, *users::Password::parse("correct horse"), origin);
    BOOST_CHECK(refused(own) == ErrorCode::last_role_manager);
    BOOST_TEST(users.rows.contains(boss));
    made("other@example.com", "other", {*roles.find("admin")});
    BOOST_TEST(!!deletion.delete_account(boss, *users::Password::parse("correct horse"), origin));
}

BOOST_FIXTURE_TEST_CASE(a_deleted_user_is_told_who_did_it, AdministrationFixture) {
    BOOST_TEST(!!user_administration.remove(actor, bob, origin));
    BOOST_TEST(!users.rows.contains(bob));
    BOOST_TEST(outbox.last(outbox::Template::account_removed, "bob@example.com") != nullptr);
    BOOST_TEST(audit.erased.contains(bob));
    BOOST_CHECK(refused(user_administration.remove(actor, bob, origin)) == ErrorCode::not_found);
}

BOOST_FIXTURE_TEST_CASE(sessions_and_devices_of_others_can_be_ended, AdministrationFixture) {
    const auto session = sessions.live_of(bob, clock.now()).at(0);
    const auto other = sessions.live_of(boss, clock.now()).at(0);
    BOOST_CHECK(refused(user_administration.end_session(actor, bob, other.id, origin)) ==
                ErrorCode::not_found);
    BOOST_TEST(!!user_administration.end_session(actor, bob, session.id, origin));
    BOOST_TEST(live_sessions(bob) == 0U);
    BOOST_TEST(!!sign_in("bob@example.com", "correct horse"));
    const auto device = sessions.live_of(bob, clock.now()).at(0).device.id;
    BOOST_CHECK(refused(user_administration.remove_device(actor, bob, other.device.id, origin)) ==
                ErrorCode::not_found);
    BOOST_TEST(!!user_administration.remove_device(actor, bob, device, origin));
    BOOST_TEST(live_sessions(bob) == 0U);
    BOOST_TEST(!!sign_in("bob@example.com", "correct horse"));
    BOOST_TEST(!!user_administration.sign_out(actor, bob, origin));
    BOOST_TEST(live_sessions(bob) == 0U);
    BOOST_TEST(live_sessions(boss) == 1U);
    BOOST_TEST(audit.count(audit::Action::sessions_revoked) == 2);
}

BOOST_FIXTURE_TEST_CASE(a_void_password_opens_nothing_until_another_is_chosen, AdministrationFixture) {
    BOOST_TEST(!!user_administration.reset_password(actor, bob, origin));
    BOOST_TEST(live_sessions(bob) == 0U);
    BOOST_CHECK(sign_in("bob@example.com", "correct horse").error().code == ErrorCode::invalid_credentials);
    const auto* mail = outbox.last(outbox::Template::reset_password, "bob@example.com");
    BOOST_REQUIRE(mail != nullptr);
    BOOST_TEST(!!password_reset.reset(*accounts::PresentedToken::parse(mail->secret),
                                      *users::NewPassword::parse("another horse"), origin));
    BOOST_TEST(!!sign_in("bob@example.com", "another horse"));
}

BOOST_AUTO_TEST_SUITE_END()
