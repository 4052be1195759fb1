// What an unconfirmed address gets: the account on it may be the work of a stranger.
#include <boost/test/unit_test.hpp>
#include <set>

#include "fakes/world.h"

using namespace csauth;
using namespace std::chrono_literals;

namespace {

using outbox::RequestKind;
using outbox::Template;

struct Fixture : fakes::World {
    roles::Actor the_operator = roles::Actor::the_operator();

    void ask(RequestKind kind, const char* address) {
        mail_requests.add(kind, address, clock.now(), "");
        requested_mail.handle_open(10);
    }
    sessions::OpenedSession squatter() {
        auto form = applicant("victim@example.com", "claim-prize", "squat on this");
        form.full_name = {"Claim Prize"};
        return std::move(*registration.register_account(form, origin));
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(unconfirmed_address)

BOOST_FIXTURE_TEST_CASE(mails_carry_nothing_that_a_stranger_typed, Fixture) {
    const auto admitted = squatter();
    const auto id = admitted.user.id;
    clock.advance(accounts::kResendInterval);
    ask(RequestKind::verify_email, "victim@example.com");
    ask(RequestKind::reset_password, "victim@example.com");
    BOOST_REQUIRE(!register_account("victim@example.com", "other-name"));
    requested_mail.handle_open(10);

    // A stolen refresh token, a change of the password, a change of the address to another stranger's.
    const auto second = refresh.refresh(admitted.tokens.refresh, "", origin);
    BOOST_REQUIRE(!!second);
    BOOST_REQUIRE(!!refresh.refresh(second->tokens.refresh, "", origin));
    BOOST_TEST(!refresh.refresh(admitted.tokens.refresh, "", origin));
    BOOST_TEST(audit.count(audit::Action::token_reused) == 1);
    BOOST_REQUIRE(!!password_change.change(id, SessionId{}, *users::Password::parse("squat on this"),
                                           *users::NewPassword::parse("battery staple"), origin));
    BOOST_REQUIRE(!!email_change.request(id, *users::Email::parse("another@example.com"),
                                         *users::Password::parse("battery staple"), origin));

    // What administration does to it, and an invitation that nobody asked for.
    BOOST_REQUIRE(!!bans.ban(the_operator, id, *accounts::BanReason::parse("spam"), std::nullopt, origin));
    BOOST_REQUIRE(!!bans.lift(the_operator, id, origin));
    BOOST_REQUIRE(
        !!bans.ban(the_operator, id, *accounts::BanReason::parse("spam"), clock.now() + 1h, origin));
    BOOST_REQUIRE(!!user_administration.sign_out(the_operator, id, origin));
    BOOST_REQUIRE(!!user_administration.reset_password(the_operator, id, origin));
    const auto invited = user_creation.invite(the_operator,
                                              {*users::Email::parse("guest@example.com"),
                                               *users::Username::parse("prize-claim"),
                                               users::FullName{"Prize Claim"},
                                               "en",
                                               {}},
                                              origin);
    BOOST_REQUIRE(!!invited);
    BOOST_REQUIRE(!!user_creation.invite_again(the_operator, invited->user.id, origin));

    std::set<Template> seen;
    for (const auto& letter : outbox.letters) {
        BOOST_TEST(may_reach_unconfirmed(letter.which), name_of(letter.which));
        BOOST_TEST(letter.parameters.empty(), name_of(letter.which));
        seen.insert(letter.which);
    }
    for (const auto which : outbox::kAllTemplates)
        BOOST_TEST(seen.contains(which) == may_reach_unconfirmed(which), name_of(which));
    BOOST_REQUIRE(!!user_administration.remove(the_operator, id, origin));
    BOOST_TEST(outbox.last(Template::account_removed, "victim@example.com") == nullptr);
}

BOOST_FIXTURE_TEST_CASE(confirmed_address_hears_of_a_stolen_session, Fixture) {
    const auto admitted = squatter();
    users.mark_verified(admitted.user.id, "victim@example.com", 0, clock.now());
    const auto second = refresh.refresh(admitted.tokens.refresh, "", origin);
    BOOST_REQUIRE(!!second);
    BOOST_REQUIRE(!!refresh.refresh(second->tokens.refresh, "", origin));
    BOOST_TEST(!refresh.refresh(admitted.tokens.refresh, "", origin));
    BOOST_TEST(outbox.last(Template::session_ended, "victim@example.com") != nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
