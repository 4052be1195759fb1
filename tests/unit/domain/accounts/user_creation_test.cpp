#include "accounts/user_creation.h"

#include <boost/test/unit_test.hpp>

#include "accounts/user_administration.h"
#include "fakes/world.h"
#include "unit/domain/accounts/administration_fixture.h"

using namespace csauth;
using namespace std::chrono_literals;
using roles::Actor;
using namespace csauth::tests;

BOOST_AUTO_TEST_SUITE(user_creation)

namespace {

struct Creation : AdministrationFixture {
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
