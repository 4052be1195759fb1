#include "accounts/password_reset.h"

#include <boost/test/unit_test.hpp>

#include "fakes/world.h"
#include "unit/domain/accounts/account_fixture.h"

using namespace csauth;
using namespace std::chrono_literals;
using namespace csauth::tests;

BOOST_AUTO_TEST_SUITE(password_reset)

BOOST_FIXTURE_TEST_CASE(a_token_from_the_mail_sets_a_password_once, AccountFixture) {
    const auto session = signed_in();
    ask_for_reset();
    const auto token = mailed(outbox::Template::reset_password);
    BOOST_TEST(!!password_reset.reset(token, chosen("battery staple"), origin));
    BOOST_TEST(!works(session));
    BOOST_TEST(!!sign_in("ann@example.com", "battery staple"));
    BOOST_CHECK(refusal(password_reset.reset(token, chosen("battery staple"), origin)) ==
                ErrorCode::one_time_token_invalid);
    BOOST_TEST(audit.count(audit::Action::password_reset) == 1);
    BOOST_TEST(outbox.last(outbox::Template::password_changed, "ann@example.com") != nullptr);
}

BOOST_FIXTURE_TEST_CASE(no_other_token_will_do, AccountFixture) {
    const auto unknown = *accounts::PresentedToken::parse(accounts::make_one_time_token(random).reveal());
    BOOST_CHECK(refusal(password_reset.reset(unknown, chosen("battery staple"), origin)) ==
                ErrorCode::one_time_token_invalid);
    verification_mail.send(user);
    BOOST_CHECK(refusal(password_reset.reset(mailed(outbox::Template::verify_email), chosen("battery staple"),
                                             origin)) == ErrorCode::one_time_token_invalid);
    ask_for_reset();
    const auto token = mailed(outbox::Template::reset_password);
    BOOST_CHECK(
        !verification.confirm(token, {.caller = id, .password = {}}, origin));  // it confirms no address
    clock.advance(accounts::kResetLifetime);
    BOOST_CHECK(refusal(password_reset.reset(token, chosen("battery staple"), origin)) ==
                ErrorCode::one_time_token_invalid);
    clock.advance(-1us);
    BOOST_TEST(!!password_reset.reset(token, chosen("battery staple"), origin));
}

BOOST_FIXTURE_TEST_CASE(a_token_dies_with_address_and_epoch, AccountFixture) {
    ask_for_reset();
    const auto token = mailed(outbox::Template::reset_password);
    users.rows.at(id).user.email_key = "other@example.com";
    BOOST_CHECK(refusal(password_reset.reset(token, chosen("battery staple"), origin)) ==
                ErrorCode::one_time_token_invalid);
    users.rows.at(id).user.email_key = "ann@example.com";
    users.raise_epoch(id);
    BOOST_CHECK(refusal(password_reset.reset(token, chosen("battery staple"), origin)) ==
                ErrorCode::one_time_token_invalid);
}

BOOST_FIXTURE_TEST_CASE(whatever_a_squatter_left_is_gone, AccountFixture) {
    auto form = applicant("victim@example.com", "squatter", "squat on this");
    form.full_name = {"Not The Victim"};
    form.bio = {"evil"};
    const auto squatter = registration.register_account(form, origin);
    users.set_avatar(squatter->user.id, std::string(64, 'a'));
    ask_for_reset("victim@example.com");
    BOOST_TEST(!!password_reset.reset(mailed(outbox::Template::reset_password, "victim@example.com"),
                                      chosen("battery staple"), origin));
    const auto& row = users.rows.at(squatter->user.id);
    BOOST_TEST(row.user.is_verified);
    BOOST_TEST(row.user.full_name.empty());
    BOOST_TEST(row.user.bio.empty());
    BOOST_TEST(!row.user.avatar.has_value());
    BOOST_TEST(devices.page_of(row.user.id, {}, 1000).empty());
    BOOST_TEST(sessions.newest_of(row.user.id, 1000).empty());
    BOOST_TEST(!gate.authenticate(squatter->tokens.access));
    BOOST_TEST(!refresh.refresh(squatter->tokens.refresh, "", origin));
    BOOST_TEST(!sign_in("victim@example.com", "squat on this"));
    BOOST_TEST(!!sign_in("victim@example.com", "battery staple"));
}

BOOST_FIXTURE_TEST_CASE(a_reset_that_commits_while_a_sign_in_hashes_wins, AccountFixture) {
    // The sign-in has read and verified; the reset comes between that and the session.
    const auto known = users.credentials(id, clock.now());
    ask_for_reset();
    BOOST_TEST(
        !!password_reset.reset(mailed(outbox::Template::reset_password), chosen("battery staple"), origin));
    BOOST_TEST(!session_opener.open(known->user, {}, origin).has_value());
}

BOOST_FIXTURE_TEST_CASE(an_address_gets_three_resets_an_hour_and_a_stranger_none, AccountFixture) {
    const auto count = [&] {
        return std::count_if(outbox.letters.begin(), outbox.letters.end(), [](const auto& letter) {
            return letter.which == outbox::Template::reset_password;
        });
    };
    for (int i = 0; i < 5; ++i)
        ask_for_reset();
    BOOST_TEST(count() == 3);
    clock.advance(1h);
    ask_for_reset();
    BOOST_TEST(count() == 4);
    ask_for_reset("nobody@example.com");
    BOOST_TEST(count() == 4);
    BOOST_TEST(mail_requests.open(10).empty());
}

BOOST_AUTO_TEST_SUITE_END()
