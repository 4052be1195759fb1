#include "accounts/mailed_token.h"

#include <boost/test/unit_test.hpp>

#include "fakes/clock.h"
#include "fakes/random.h"

using namespace csauth;
using namespace std::chrono_literals;
using accounts::Purpose;

namespace {

struct TokenFixture {
    fakes::Clock clock;
    fakes::Random random;
    users::User ann;

    TokenFixture() {
        ann.id = UserId::make(clock.now(), random);
        ann.email = "Ann@example.com";
        ann.email_key = "ann@example.com";
        ann.language = "de";
        ann.epoch = 7;
    }
    accounts::MailedToken make() {
        return accounts::make_mailed_token(random, Purpose::reset_password, outbox::Template::reset_password,
                                           ann, clock.now(), 90min);
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(mailed_token)

BOOST_FIXTURE_TEST_CASE(the_row_has_the_hash_of_what_the_letter_has, TokenFixture) {
    const auto [row, letter] = make();
    BOOST_TEST(letter.token.reveal().size() == 43U);
    BOOST_TEST((row.hash == accounts::hash_of(letter.token.reveal())));
    BOOST_TEST(make().letter.token.reveal() != letter.token.reveal());
}

BOOST_FIXTURE_TEST_CASE(both_are_for_the_user_as_they_are_now, TokenFixture) {
    const auto [row, letter] = make();
    BOOST_TEST((row.user == ann.id));
    BOOST_TEST((row.purpose == Purpose::reset_password));
    BOOST_TEST(row.email_key == "ann@example.com");
    BOOST_TEST(row.epoch == 7U);
    BOOST_TEST((letter.user == ann.id));
    BOOST_TEST((letter.which == outbox::Template::reset_password));
    BOOST_TEST(letter.recipient == "Ann@example.com");
    BOOST_TEST(letter.language == "de");
}

BOOST_FIXTURE_TEST_CASE(both_end_together, TokenFixture) {
    const auto [row, letter] = make();
    BOOST_TEST((row.created_at == clock.now()));
    BOOST_TEST((row.expires_at == clock.now() + 90min));
    BOOST_TEST((letter.give_up_at == row.expires_at));
    ann.is_verified = true;
    BOOST_TEST(accounts::is_live(row, ann, row.expires_at - 1us));
    BOOST_TEST(!accounts::is_live(row, ann, row.expires_at));
}

BOOST_AUTO_TEST_SUITE_END()
