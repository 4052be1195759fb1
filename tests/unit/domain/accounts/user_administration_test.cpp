#include "accounts/user_administration.h"

#include <boost/test/unit_test.hpp>

#include "fakes/world.h"

using namespace csauth;
using namespace std::chrono_literals;
using roles::Actor;

namespace {

constexpr roles::Flags kAll{true, true, true, true, true};

struct Fixture : fakes::World {
    UserId boss = made("boss@example.com", "boss", {{.name = "admin", .priority = 100, .flags = kAll}});
    UserId bob = made("bob@example.com", "bobby", {{.name = "member", .is_default = true}});
    Actor actor = Actor::account(boss);

    UserId made(const char* email, const char* username, const std::vector<roles::Role>& held) {
        const auto id = register_account(email, username)->user.id;
        users.rows.at(id).user.is_verified = true;
        roles.give(id, held);
        return id;
    }
    template <class T>
    static ErrorCode refused(const Result<T>& result) {
        return result ? ErrorCode::internal_error : result.error().code;
    }
    accounts::BanReason reason = *accounts::BanReason::parse("spam in every room");
    std::size_t live_sessions(UserId user) { return sessions.live_of(user, clock.now()).size(); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(bans)

BOOST_FIXTURE_TEST_CASE(a_ban_ends_all_sessions_and_is_told, Fixture) {
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

BOOST_FIXTURE_TEST_CASE(a_ban_ends_by_itself, Fixture) {
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

BOOST_FIXTURE_TEST_CASE(a_ban_can_be_lifted_and_replaced, Fixture) {
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

BOOST_FIXTURE_TEST_CASE(a_ban_needs_an_end_in_the_future_and_a_reason, Fixture) {
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

BOOST_FIXTURE_TEST_CASE(nobody_bans_themselves_or_the_last_who_can_manage_roles, Fixture) {
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

BOOST_AUTO_TEST_SUITE(user_administration)

BOOST_FIXTURE_TEST_CASE(those_who_manage_users_change_names_and_confirmation, Fixture) {
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

BOOST_FIXTURE_TEST_CASE(who_lost_the_confirmation_is_told_and_keeps_what_is_theirs, Fixture) {
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

BOOST_FIXTURE_TEST_CASE(who_does_not_confirm_again_is_deleted_and_told, Fixture) {
    BOOST_REQUIRE(!!user_administration.change(actor, bob, {.is_verified = false}, origin));
    clock.advance(accounts::kUnverifiedLifetime + 1us);
    BOOST_TEST(accounts::delete_unverified(users, erasure, transactions, 10, clock.now()) == 1U);
    BOOST_TEST(outbox.last(outbox::Template::account_removed, "bob@example.com") != nullptr);
    BOOST_TEST(users.taken("x", "bobby", clock.now()).username);
    BOOST_TEST(audit.acts.back().detail == "the address was not confirmed");
    BOOST_TEST(!audit.acts.back().actor.has_value());
}

BOOST_FIXTURE_TEST_CASE(an_address_gets_five_mails_a_day_also_from_those_who_manage_users, Fixture) {
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

BOOST_FIXTURE_TEST_CASE(a_name_that_is_taken_changes_nothing_at_all, Fixture) {
    made("eve@example.com", "eve", {});
    const auto refusal = user_administration.change(
        actor, bob, {.profile = {.username = *users::Username::parse("eve")}, .is_verified = false}, origin);
    BOOST_CHECK(refused(refusal) == ErrorCode::username_taken);
    BOOST_TEST(users.rows.at(bob).user.is_verified);
}

BOOST_FIXTURE_TEST_CASE(the_last_manager_keeps_the_confirmation, Fixture) {
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

BOOST_FIXTURE_TEST_CASE(a_deleted_user_is_told_who_did_it, Fixture) {
    BOOST_TEST(!!user_administration.remove(actor, bob, origin));
    BOOST_TEST(!users.rows.contains(bob));
    BOOST_TEST(outbox.last(outbox::Template::account_removed, "bob@example.com") != nullptr);
    BOOST_TEST(audit.erased.contains(bob));
    BOOST_CHECK(refused(user_administration.remove(actor, bob, origin)) == ErrorCode::not_found);
}

BOOST_FIXTURE_TEST_CASE(sessions_and_devices_of_others_can_be_ended, Fixture) {
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

BOOST_FIXTURE_TEST_CASE(a_void_password_opens_nothing_until_another_is_chosen, Fixture) {
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

BOOST_AUTO_TEST_SUITE(user_creation)

namespace {

struct Creation : Fixture {
    static accounts::Invitee invitee(std::vector<roles::RoleName> roles = {}) {
        return {*users::Email::parse("new@example.com"), *users::Username::parse("newcomer"),
                users::FullName{"New Comer"}, "de", std::move(roles)};
    }
    const fakes::Outbox::Sent* mail() const {
        return outbox.last(outbox::Template::invitation, "new@example.com");
    }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(who_is_invited_chooses_a_password_and_keeps_the_profile, Creation) {
    roles.rows["editor"] = {.name = "editor", .priority = 10};
    const auto created = user_creation.invite(actor, invitee({{"editor"}}), origin);
    BOOST_REQUIRE(!!created);
    BOOST_TEST(!created->user.is_verified);
    BOOST_TEST(roles::names_of(created->roles) == (std::vector<std::string>{"editor", "member"}));
    BOOST_CHECK(audit.acts.at(audit.acts.size() - 2).action == audit::Action::user_created);
    BOOST_REQUIRE(mail() != nullptr);
    BOOST_CHECK(sign_in("new@example.com", "!").error().code == ErrorCode::invalid_credentials);

    const auto token = *accounts::PresentedToken::parse(mail()->secret);
    clock.advance(accounts::kInvitationLifetime - 1us);
    BOOST_TEST(!!password_reset.reset(token, *users::NewPassword::parse("correct horse"), origin));
    const auto admitted = sign_in("new@example.com", "correct horse");
    BOOST_REQUIRE(!!admitted);
    BOOST_TEST(admitted->user.is_verified);
    BOOST_TEST(admitted->user.full_name == "New Comer");
    BOOST_TEST(outbox.last(outbox::Template::password_changed, "new@example.com") == nullptr);
    BOOST_CHECK(refused(password_reset.reset(token, *users::NewPassword::parse("another horse"), origin)) ==
                ErrorCode::one_time_token_invalid);
}

BOOST_FIXTURE_TEST_CASE(an_invitation_lapses_and_its_account_goes, Creation) {
    BOOST_REQUIRE(!!user_creation.invite(actor, invitee(), origin));
    clock.advance(accounts::kInvitationLifetime);
    BOOST_CHECK(refused(password_reset.reset(*accounts::PresentedToken::parse(mail()->secret),
                                             *users::NewPassword::parse("correct horse"), origin)) ==
                ErrorCode::one_time_token_invalid);
    clock.advance(accounts::kUnverifiedLifetime);
    BOOST_TEST(accounts::delete_unverified(users, erasure, transactions, 10, clock.now()) == 1U);
}

BOOST_FIXTURE_TEST_CASE(what_is_taken_or_not_to_be_given_makes_no_account, Creation) {
    const auto count = users.rows.size();
    auto taken = invitee();
    taken.email = *users::Email::parse("bob@example.com");
    taken.username = *users::Username::parse("bobby");
    const auto refusal = user_creation.invite(actor, taken, origin);
    BOOST_CHECK(refused(refusal) == ErrorCode::email_taken);
    BOOST_TEST(refusal.error().fields.size() == 2U);
    BOOST_CHECK(refused(user_creation.invite(actor, invitee({{"none"}}), origin)) == ErrorCode::not_found);

    const auto helper = made("help@example.com", "helper",
                             {{.name = "helper", .priority = 50, .flags = {.can_manage_users = true}}});
    BOOST_CHECK(refused(user_creation.invite(Actor::account(helper), invitee({{"member"}}), origin)) ==
                ErrorCode::permission_denied);
    BOOST_CHECK(refused(user_creation.invite(Actor::account(bob), invitee(), origin)) ==
                ErrorCode::permission_denied);
    BOOST_TEST(users.rows.size() == count + 1);
    BOOST_TEST(mail() == nullptr);
    BOOST_TEST(!!user_creation.invite(Actor::account(helper), invitee(), origin));
}

BOOST_FIXTURE_TEST_CASE(the_operator_makes_an_account_that_is_ready, Creation) {
    const auto created =
        user_creation.create(invitee({{"admin"}}), *users::NewPassword::parse("correct horse"), origin);
    BOOST_REQUIRE(!!created);
    BOOST_TEST(created->user.is_verified);
    const auto admitted = sign_in("new@example.com", "correct horse");
    BOOST_REQUIRE(!!admitted);
    BOOST_TEST(roles::effective_permissions(admitted->roles).flags.can_manage_roles);
    BOOST_CHECK(refused(user_creation.create(invitee(), *users::NewPassword::parse("example-7"), origin)) ==
                ErrorCode::validation_failed);
}

BOOST_FIXTURE_TEST_CASE(second_invitation_leaves_the_first_link_good, Creation) {
    const auto invited = user_creation.invite(actor, invitee(), origin);
    BOOST_REQUIRE(!!invited);
    const auto first = *accounts::PresentedToken::parse(mail()->secret);
    clock.advance(1h);
    const auto again = user_creation.invite_again(actor, invited->user.id, origin);
    BOOST_REQUIRE(!!again);
    BOOST_TEST(again->link_token.empty());
    BOOST_TEST(again->user.username == "newcomer");
    BOOST_CHECK(audit.acts.back().action == audit::Action::user_updated);
    BOOST_TEST(audit.acts.back().detail == "invited again, by mail");
    BOOST_CHECK(audit.acts.back().subject == invited->user.id);
    const auto second = *accounts::PresentedToken::parse(mail()->secret);
    BOOST_CHECK(first.hash != second.hash);
    BOOST_TEST(!!password_reset.reset(first, *users::NewPassword::parse("correct horse"), origin));
    const auto refusal = password_reset.reset(second, *users::NewPassword::parse("another horse"), origin);
    BOOST_CHECK(refused(refusal) == ErrorCode::one_time_token_invalid);
    BOOST_TEST(refusal.error().detail == "The link in an earlier mail was used.");
}

BOOST_FIXTURE_TEST_CASE(lapsed_invitation_is_sent_again, Creation) {
    const auto invited = user_creation.invite(actor, invitee(), origin);
    clock.advance(accounts::kInvitationLifetime);
    const auto lapsed = *accounts::PresentedToken::parse(mail()->secret);
    BOOST_REQUIRE(!!user_creation.invite_again(actor, invited->user.id, origin));
    const auto refusal = password_reset.reset(lapsed, *users::NewPassword::parse("correct horse"), origin);
    BOOST_REQUIRE(!refusal);
    BOOST_CHECK(refusal.error().code == ErrorCode::link_superseded);
    BOOST_TEST(refusal.error().detail == "A newer mail was sent: use the link in that one.");
    BOOST_TEST(!!password_reset.reset(*accounts::PresentedToken::parse(mail()->secret),
                                      *users::NewPassword::parse("correct horse"), origin));
}

BOOST_FIXTURE_TEST_CASE(operator_gets_the_invitation_link, Creation) {
    const auto made = user_creation.invite(Actor::the_operator(), invitee(), origin,
                                           {.by_mail = false, .by_operator = true});
    BOOST_REQUIRE(!!made);
    BOOST_TEST(mail() == nullptr);
    BOOST_TEST(audit.acts.back().detail == "invited, the link was shown to the operator");
    const auto again = user_creation.invite_again(Actor::the_operator(), made->user.id, origin,
                                                  {.by_mail = true, .by_operator = true});
    BOOST_REQUIRE(!!again);
    BOOST_REQUIRE(mail() != nullptr);
    BOOST_TEST(mail()->secret == again->link_token.reveal());
    BOOST_TEST(audit.acts.back().detail == "invited again, by mail, the link was shown to the operator");
    const auto token = *accounts::PresentedToken::parse(made->link_token.reveal());
    BOOST_TEST(!!password_reset.reset(token, *users::NewPassword::parse("correct horse"), origin));
    BOOST_TEST(!!sign_in("new@example.com", "correct horse"));
    // Nobody else ever sees a link.
    auto other = invitee();
    other.email = *users::Email::parse("other@example.com");
    other.username = *users::Username::parse("other");
    BOOST_CHECK_THROW(
        (void)user_creation.invite(actor, other, origin, {.by_mail = true, .by_operator = true}),
        std::logic_error);
}

BOOST_FIXTURE_TEST_CASE(account_in_use_is_not_invited_again, Creation) {
    const auto refusal_of = [&](UserId user) {
        return refused(user_creation.invite_again(actor, user, origin));
    };
    const auto letters = outbox.letters.size();
    BOOST_CHECK(refusal_of(bob) == ErrorCode::email_taken);  // confirmed, with a password
    const auto self = register_account("self@example.com", "selfmade")->user.id;
    BOOST_CHECK(refusal_of(self) == ErrorCode::email_taken);  // a password, and not confirmed
    const auto confirmed = user_creation.invite(actor, invitee(), origin)->user.id;
    BOOST_REQUIRE(!!user_administration.change(actor, confirmed, {.is_verified = true}, origin));
    BOOST_CHECK(refusal_of(confirmed) == ErrorCode::email_taken);
    BOOST_REQUIRE(!!user_administration.change(actor, confirmed, {.is_verified = false}, origin));
    BOOST_CHECK(refusal_of(confirmed) == ErrorCode::email_taken);
    BOOST_CHECK(refusal_of(UserId::make(clock.now(), random)) == ErrorCode::not_found);
    BOOST_CHECK(refusal_of(boss) == ErrorCode::permission_denied);
    BOOST_TEST(outbox.last(outbox::Template::invitation, "bob@example.com") == nullptr);
    BOOST_TEST(
        std::count_if(outbox.letters.begin() + static_cast<std::ptrdiff_t>(letters), outbox.letters.end(),
                      [](const auto& letter) { return letter.which == outbox::Template::invitation; }) == 1);
}

BOOST_FIXTURE_TEST_CASE(repeated_invitations_count_against_the_daily_mails, Creation) {
    const auto invited = user_creation.invite(actor, invitee(), origin)->user.id;
    for (std::size_t i = 1; i < accounts::kMostConfirmationsADay; ++i)
        BOOST_REQUIRE(!!user_creation.invite_again(actor, invited, origin));
    const auto links = one_time_tokens.rows.size();
    BOOST_CHECK(refused(user_creation.invite_again(actor, invited, origin)) == ErrorCode::too_many_requests);
    BOOST_TEST(one_time_tokens.rows.size() == links);
    // A link that no mail carries is not limited.
    BOOST_TEST(!!user_creation.invite_again(Actor::the_operator(), invited, origin,
                                            {.by_mail = false, .by_operator = true}));
    clock.advance(accounts::kConfirmationWindow);
    BOOST_TEST(!!user_creation.invite_again(actor, invited, origin));
}

BOOST_FIXTURE_TEST_CASE(name_like_a_web_address_is_not_given, Creation) {
    auto guest = invitee();
    guest.username = *users::Username::parse("www.claim-prize");
    const auto refusal = user_creation.invite(actor, guest, origin);
    BOOST_CHECK(refused(refusal) == ErrorCode::validation_failed);
    BOOST_TEST(refusal.error().fields.at(0).field == "username");
    BOOST_CHECK(refused(user_administration.change(
                    actor, bob, {.profile = {.username = *users::Username::parse("claim-prize.com")}},
                    origin)) == ErrorCode::validation_failed);
    BOOST_TEST(users.rows.at(bob).user.username == "bobby");
}

BOOST_AUTO_TEST_SUITE_END()
