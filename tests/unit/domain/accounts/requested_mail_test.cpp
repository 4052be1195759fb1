#include "accounts/requested_mail.h"

#include <boost/test/unit_test.hpp>

#include "fakes/world.h"

using namespace csauth;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(requested_mail)

struct Fixture : fakes::World {
    UserId id = register_account("ann@example.com", "annie")->user.id;

    std::size_t mails_after_asking(outbox::RequestKind kind, const char* email_key) {
        const auto before = outbox.letters.size();
        mail_requests.add(kind, email_key, clock.now(), "");
        requested_mail.handle_open(10);
        BOOST_TEST(mail_requests.open(10).empty());
        return outbox.letters.size() - before;
    }
};

BOOST_FIXTURE_TEST_CASE(a_verification_mail_goes_out_at_most_every_three_minutes, Fixture) {
    const auto ask = [&] { return mails_after_asking(outbox::RequestKind::verify_email, "ann@example.com"); };
    clock.advance(3min - 1us);
    BOOST_TEST(ask() == 0U);
    clock.advance(1us);
    BOOST_TEST(ask() == 1U);
    BOOST_TEST(ask() == 0U);
    clock.advance(3min);
    BOOST_TEST(ask() == 1U);
}

BOOST_FIXTURE_TEST_CASE(nobody_gets_mail_who_should_have_none, Fixture) {
    clock.advance(1h);
    BOOST_TEST(mails_after_asking(outbox::RequestKind::verify_email, "nobody@example.com") == 0U);
    users.rows.at(id).user.is_verified = true;
    BOOST_TEST(mails_after_asking(outbox::RequestKind::verify_email, "ann@example.com") == 0U);
}

BOOST_FIXTURE_TEST_CASE(an_owner_hears_of_sign_ups_with_their_address_once_a_day, Fixture) {
    const auto ask = [&] {
        return mails_after_asking(outbox::RequestKind::already_registered, "ann@example.com");
    };
    BOOST_TEST(ask() == 1U);
    BOOST_CHECK(outbox.letters.back().which == outbox::Template::already_registered);
    clock.advance(24h - 1us);
    BOOST_TEST(ask() == 0U);
    clock.advance(1us);
    BOOST_TEST(ask() == 1U);
    BOOST_TEST(mails_after_asking(outbox::RequestKind::already_registered, "nobody@example.com") == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
