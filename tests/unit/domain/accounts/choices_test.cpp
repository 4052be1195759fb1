// Names and passwords that are refused wherever they are chosen.
#include <boost/test/unit_test.hpp>

#include "fakes/world.h"

using namespace csauth;

namespace {

struct Fixture : fakes::World {};

}  // namespace

BOOST_AUTO_TEST_SUITE(choices)

BOOST_FIXTURE_TEST_CASE(registration_refuses_a_name_like_a_web_address, Fixture) {
    for (const char* link : {"www.claim-prize", "claim-prize.com"}) {
        const auto refused = registration.register_account(applicant("ann@example.com", link), origin);
        BOOST_REQUIRE(!refused);
        BOOST_CHECK(refused.error().code == ErrorCode::validation_failed);
        BOOST_TEST(refused.error().fields.at(0).field == "username");
        BOOST_CHECK(refused.error().fields.at(0).code == FieldCode::invalid);
    }
    BOOST_TEST(users.rows.empty());
    BOOST_TEST(outbox.letters.empty());
    BOOST_TEST(!!register_account("ann@example.com", "ann.example"));
}

BOOST_FIXTURE_TEST_CASE(former_name_like_a_web_address_stays, Fixture) {
    const auto id = ann().id;
    users.rows.at(id).user.username = "Annie.com";
    const auto same = profile.change(
        id, {.username = *users::Username::parse("annie.com"), .full_name = users::FullName{"Ann"}}, origin);
    BOOST_REQUIRE(!!same);
    BOOST_TEST(same->full_name == "Ann");
    const auto other = profile.change(id, {.username = *users::Username::parse("ann.com")}, origin);
    BOOST_REQUIRE(!other);
    BOOST_CHECK(other.error().code == ErrorCode::validation_failed);
    BOOST_TEST(!!profile.change(id, {.username = *users::Username::parse("annie-com")}, origin));
}

BOOST_FIXTURE_TEST_CASE(word_of_the_site_is_refused_wherever_a_password_is_chosen, Fixture) {
    const auto code_of = [](const auto& outcome) {
        BOOST_REQUIRE(!outcome);
        BOOST_CHECK(outcome.error().code == ErrorCode::validation_failed);
        return outcome.error().fields.at(0).code;
    };
    const auto chosen = [] { return std::move(*users::NewPassword::parse("CollabSphere2026")); };
    constexpr auto predictable = FieldCode::predictable_password;
    BOOST_CHECK(code_of(registration.register_account(applicant("ann@example.com", "annie", "CollabSphere1"),
                                                      origin)) == predictable);
    const auto user = ann();
    BOOST_CHECK(code_of(password_change.change(user.id, SessionId{}, *users::Password::parse("correct horse"),
                                               chosen(), origin)) == predictable);
    reset_mail.send(user);
    const auto token = *accounts::PresentedToken::parse(outbox.letters.back().secret);
    BOOST_CHECK(code_of(password_reset.reset(token, chosen(), origin)) == predictable);
    BOOST_CHECK(code_of(user_creation.create(
                    {*users::Email::parse("bob@example.com"), *users::Username::parse("bobby"), {}, "en", {}},
                    chosen(), origin)) == predictable);
    // The refusals took nothing from the token.
    BOOST_TEST(!!password_reset.reset(token, *users::NewPassword::parse("battery staple"), origin));
}

BOOST_AUTO_TEST_SUITE_END()
