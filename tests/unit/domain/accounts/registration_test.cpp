#include "accounts/registration.h"

#include <boost/test/unit_test.hpp>

#include "fakes/world.h"

using namespace csauth;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(registration)

struct Fixture : fakes::World {};

BOOST_FIXTURE_TEST_CASE(an_account_comes_with_all_that_belongs_to_it, Fixture) {
    auto form = applicant("Ann@Example.com", "Annie");
    form.device = {
        .push_token = devices::PushToken{"fcm-1"}, .type = devices::DeviceType::ios, .name = "phone"};
    const auto admitted = registration.register_account(form, origin);
    BOOST_REQUIRE(admitted);
    BOOST_TEST(admitted->user.email == "Ann@example.com");
    BOOST_TEST(!admitted->user.is_verified);
    BOOST_REQUIRE(admitted->roles.size() == 1);
    BOOST_TEST(admitted->roles[0].name == "member");
    BOOST_CHECK(admitted->session.device.type == devices::DeviceType::ios);
    BOOST_TEST(!!gate.authenticate(admitted->tokens.access));
    BOOST_TEST(hasher.verify("correct horse", users.rows.at(admitted->user.id).password_hash));
    BOOST_TEST(audit.count(audit::Action::user_created) == 1);
    BOOST_REQUIRE(outbox.letters.size() == 1);
    BOOST_TEST(outbox.letters[0].recipient == "Ann@example.com");
    BOOST_TEST(outbox.letters[0].secret.size() == 43U);
}

BOOST_FIXTURE_TEST_CASE(all_that_is_taken_is_told_at_once_and_the_owner_hears_of_it, Fixture) {
    ann();
    const auto refused = register_account("ANN@example.com", "ANNIE");
    BOOST_REQUIRE(!refused);
    BOOST_CHECK(refused.error().code == ErrorCode::email_taken);
    BOOST_REQUIRE(refused.error().fields.size() == 2);
    BOOST_TEST(refused.error().fields[0].field == "email");
    BOOST_TEST(refused.error().fields[1].field == "username");
    BOOST_TEST(mail_requests.open(10).size() == 1U);
    BOOST_CHECK(register_account("bob@example.com", "Annie").error().code == ErrorCode::username_taken);
    BOOST_TEST(mail_requests.open(10).size() == 1U);
    BOOST_TEST(users.rows.size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_password_like_the_account_is_refused, Fixture) {
    const auto refused = registration.register_account(
        applicant("ann@example.com", "shakespearian", "Shakespearian7"), origin);
    BOOST_REQUIRE(!refused);
    BOOST_CHECK(refused.error().code == ErrorCode::validation_failed);
    BOOST_TEST(refused.error().fields.at(0).field == "password");
    BOOST_TEST(users.rows.empty());
}

BOOST_AUTO_TEST_SUITE_END()
