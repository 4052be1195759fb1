#include "accounts/spent_link.h"

#include <boost/test/unit_test.hpp>
#include <random>

#include "fakes/world.h"
#include "unit/domain/accounts/mail_fixture.h"

using namespace csauth;
using namespace std::chrono_literals;
using outbox::RequestKind;
using outbox::Template;
using namespace csauth::tests;

BOOST_AUTO_TEST_SUITE(spent_link)

BOOST_AUTO_TEST_CASE(strangers_requests_leave_the_owner_a_reset_link) {
    for_each_stranger([](auto asks) {
        MailFixture f;
        f.owner_always_has_a_link(RequestKind::reset_password, accounts::Purpose::reset_password, 48h,
                                  accounts::kResetWindow, accounts::kResetTimeLeft, asks);
        BOOST_TEST(f.count(Template::reset_password) <= 48 * accounts::kMostResetsAnHour);
    });
}

BOOST_AUTO_TEST_CASE(strangers_requests_leave_the_owner_a_verification_link) {
    for_each_stranger([](auto asks) {
        MailFixture f;
        f.users.rows.at(f.id).user.is_verified = f.users.rows.at(f.id).user.was_ever_verified = false;
        f.owner_always_has_a_link(RequestKind::verify_email, accounts::Purpose::verify_email, 4 * 24h,
                                  accounts::kConfirmationWindow, 24h, asks);
        BOOST_TEST(f.count(Template::verify_email) <= 4 * accounts::kMostConfirmationsADay);
    });
}

BOOST_FIXTURE_TEST_CASE(earlier_reset_link_works_after_newer_mail, MailFixture) {
    const auto earlier = asked_for_reset();
    asked_for_reset();
    BOOST_TEST(!!password_reset.reset(earlier, chosen("battery staple"), origin));
    BOOST_TEST(!!sign_in("ann@example.com", "battery staple"));
}

BOOST_FIXTURE_TEST_CASE(used_reset_link_voids_the_others, MailFixture) {
    const auto first = asked_for_reset();
    const auto second = asked_for_reset();
    const auto third = asked_for_reset();
    BOOST_TEST(!!password_reset.reset(second, chosen("battery staple"), origin));
    BOOST_TEST(reset_detail(first) == "A newer mail was sent, and the link in that one was used.");
    BOOST_TEST(reset_detail(second) == "This link was used already.");
    BOOST_TEST(reset_detail(third) == "The link in an earlier mail was used.");
    BOOST_TEST(!sign_in("ann@example.com", "correct horse"));
    BOOST_TEST(audit.count(audit::Action::password_reset) == 1);
}

BOOST_FIXTURE_TEST_CASE(spent_link_names_the_newer_mail, MailFixture) {
    const auto lapsed = asked_for_reset();
    clock.advance(accounts::kResetWindow);
    const auto used = asked_for_reset();
    clock.advance(accounts::kResetLifetime - accounts::kResetWindow - 2s);
    BOOST_TEST(reset_detail(lapsed) == "A newer mail was sent: use the link in that one.");
    BOOST_TEST(!!password_reset.reset(used, chosen("battery staple"), origin));
    BOOST_TEST(reset_detail(used) == "This link was used already.");
    const auto newer = asked_for_reset();
    BOOST_TEST(reset_detail(used) ==
               "This link was used already. A newer mail was sent: use the link in that one.");
    BOOST_TEST(reset_detail(lapsed) == "A newer mail was sent: use the link in that one.");
    users.raise_epoch(id);
    BOOST_TEST(reset_detail(newer) ==
               "The account has changed since this mail was sent. Ask for a new mail.");
    clock.advance(accounts::kResetLifetime);
    BOOST_TEST(reset_detail(newer) == "This link has expired. Ask for a new mail.");
}

BOOST_FIXTURE_TEST_CASE(unknown_or_foreign_token_learns_nothing, MailFixture) {
    const auto reset = asked_for_reset();
    const auto unknown = *accounts::PresentedToken::parse(accounts::make_one_time_token(random).reveal());
    BOOST_TEST(reset_detail(unknown).empty());
    verification_mail.send(user);
    BOOST_TEST(reset_detail(newest(Template::verify_email)).empty());
    BOOST_TEST(detail(email_change.revert(reset, origin)).empty());
    const auto confirmed = verification.confirm(reset, {.caller = id}, origin);
    BOOST_REQUIRE(!confirmed);
    BOOST_TEST(confirmed.error().detail.empty());
    const auto changed = email_change.confirm(reset, {.caller = id}, origin);
    BOOST_REQUIRE(!changed);
    BOOST_TEST(changed.error().detail.empty());
}

BOOST_FIXTURE_TEST_CASE(replaced_email_change_link_names_the_newer, MailFixture) {
    const auto request = [&](const char* address) {
        BOOST_REQUIRE(!!email_change.request(id, *users::Email::parse(address),
                                             *users::Password::parse("correct horse"), origin));
        clock.advance(accounts::kEmailChangeInterval);
        return *accounts::PresentedToken::parse(outbox.last(Template::change_email, address)->secret);
    };
    const auto replaced = request("first@example.org");
    const auto newer = request("second@example.org");
    const auto refused = email_change.confirm(replaced, {.caller = id}, origin);
    BOOST_REQUIRE(!refused);
    BOOST_CHECK(refused.error().code == ErrorCode::link_superseded);
    BOOST_TEST(refused.error().detail == "A newer mail was sent: use the link in that one.");
    BOOST_TEST(!!email_change.confirm(newer, {.caller = id}, origin));
    BOOST_TEST(users.rows.at(id).user.email == "second@example.org");
    const auto revert = newest(Template::email_changed);
    BOOST_TEST(!!email_change.revert(revert, origin));
    BOOST_TEST(detail(email_change.revert(revert, origin)) == "This link was used already.");
}

BOOST_FIXTURE_TEST_CASE(dead_revert_link_asks_nobody_to_ask_again, MailFixture) {
    BOOST_REQUIRE(!!email_change.request(id, *users::Email::parse("new@example.org"),
                                         *users::Password::parse("correct horse"), origin));
    const auto change =
        *accounts::PresentedToken::parse(outbox.last(Template::change_email, "new@example.org")->secret);
    BOOST_REQUIRE(!!email_change.confirm(change, {.caller = id}, origin));
    const auto revert = newest(Template::email_changed);
    clock.advance(accounts::kRevertLifetime);
    BOOST_TEST(detail(email_change.revert(revert, origin)) ==
               "This link has expired: a change of address can be taken back for 72 hours.");
}

BOOST_FIXTURE_TEST_CASE(cap_on_resets_counts_only_while_a_link_works, MailFixture) {
    using accounts::kMostResetsAnHour, accounts::kMostResetsInAnyCase;
    const auto sent = [&] { return count(Template::reset_password); };
    for (std::size_t i = 0; i < kMostResetsAnHour + 2; ++i)
        ask(RequestKind::reset_password);
    BOOST_TEST(sent() == kMostResetsAnHour);
    // The owner uses a link and forgets the new password too: the cap must not shut them out.
    BOOST_TEST(!!password_reset.reset(newest(Template::reset_password), chosen("battery staple"), origin));
    ask(RequestKind::reset_password);
    BOOST_TEST(sent() == kMostResetsAnHour + 1);
    ask(RequestKind::reset_password);
    BOOST_TEST(sent() == kMostResetsAnHour + 1);
    for (std::size_t i = sent(); i < kMostResetsInAnyCase + 2; ++i) {
        users.raise_epoch(id);
        ask(RequestKind::reset_password);
    }
    BOOST_TEST(sent() == kMostResetsInAnyCase);
    clock.advance(accounts::kResetWindow);
    ask(RequestKind::reset_password);
    BOOST_TEST(sent() == kMostResetsInAnyCase + 1);
}

BOOST_FIXTURE_TEST_CASE(unconfirmed_address_gets_three_resets_an_hour, MailFixture) {
    users.rows.at(id).user.is_verified = users.rows.at(id).user.was_ever_verified = false;
    for (int i = 0; i < 6; ++i) {
        users.raise_epoch(id);
        ask(RequestKind::reset_password);
    }
    BOOST_TEST(count(Template::reset_password) == accounts::kMostResetsAnHour);
}

BOOST_FIXTURE_TEST_CASE(earlier_verification_link_works_after_newer_mail, MailFixture) {
    users.rows.at(id).user.is_verified = false;
    const auto earlier = newest(Template::verify_email);
    clock.advance(accounts::kResendInterval);
    asked(RequestKind::verify_email, Template::verify_email);
    BOOST_TEST(!!verification.confirm(earlier, {.caller = id}, origin));
    BOOST_TEST(users.rows.at(id).user.is_verified);
}

BOOST_FIXTURE_TEST_CASE(expired_verification_link_names_the_newer, MailFixture) {
    users.rows.at(id).user.is_verified = false;
    const auto earlier = newest(Template::verify_email);
    clock.advance(accounts::kVerificationLifetime);
    asked(RequestKind::verify_email, Template::verify_email);
    const auto refused = verification.confirm(earlier, {.caller = id}, origin);
    BOOST_REQUIRE(!refused);
    BOOST_CHECK(refused.error().code == ErrorCode::link_superseded);
    BOOST_TEST(refused.error().detail == "A newer mail was sent: use the link in that one.");
}

BOOST_FIXTURE_TEST_CASE(links_beyond_the_most_push_the_oldest_out, MailFixture) {
    const auto refused = [&](const accounts::PresentedToken& token) {
        return !password_reset.reset(token, chosen("battery staple"), origin);
    };
    reset_mail.send(user);
    const auto first = newest(Template::reset_password);
    clock.advance(1s);
    reset_mail.send(user);
    const auto second = newest(Template::reset_password);
    for (std::size_t i = 2; i < accounts::kMostLinks; ++i) {
        clock.advance(1s);
        reset_mail.send(user);
    }
    BOOST_TEST(one_time_tokens.find(first.hash).has_value());
    clock.advance(1s);
    reset_mail.send(user);
    BOOST_TEST(!one_time_tokens.find(first.hash).has_value());
    BOOST_TEST(refused(first));
    BOOST_TEST(!refused(second));
}

BOOST_AUTO_TEST_SUITE_END()
