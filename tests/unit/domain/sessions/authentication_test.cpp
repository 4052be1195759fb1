#include "sessions/authentication.h"

#include <boost/test/unit_test.hpp>

#include "fakes/world.h"
#include "json/object.h"
#include "unit/domain/sessions/session_fixture.h"

using namespace csauth;
using namespace std::chrono_literals;
using namespace csauth::tests;

BOOST_AUTO_TEST_SUITE(authentication)

struct Fixture : fakes::World {};

BOOST_FIXTURE_TEST_CASE(the_right_password_opens_a_session, Fixture) {
    const auto ann = this->ann();
    const auto admitted = sign_in("ANN@example.com", "correct horse");
    BOOST_REQUIRE(admitted);
    BOOST_CHECK(admitted->user.id == ann.id);
    BOOST_TEST(admitted->user.is_online);
    BOOST_TEST(admitted->session.ip == "192.0.2.1");
    BOOST_CHECK(gate.authenticate(admitted->tokens.access)->holder.id == ann.id);
    BOOST_TEST(audit.count(audit::Action::login_succeeded) == 2);  // registering is one too
}

BOOST_FIXTURE_TEST_CASE(every_refusal_is_the_same_error, Fixture) {
    ann();
    const auto before = sessions.rows.size();
    const struct {
        const char *why, *email, *password;
    } cases[] = {{"wrong password", "ann@example.com", "wrong horse"},
                 {"unknown address", "nobody@example.com", "correct horse"}};
    for (const auto& c : cases)
        BOOST_TEST_CONTEXT(c.why) {
            const auto refused = sign_in(c.email, c.password);
            BOOST_REQUIRE(!refused);
            BOOST_CHECK(refused.error().code == ErrorCode::invalid_credentials);
            BOOST_TEST(refused.error().detail.empty());
        }
    BOOST_TEST(sessions.rows.size() == before);
    BOOST_TEST(audit.count(audit::Action::login_failed) == 2);
}

BOOST_FIXTURE_TEST_CASE(a_username_signs_in_too, Fixture) {
    ann();
    const auto admitted =
        authentication.sign_in(std::string{"ANNIE"}, *users::Password::parse("correct horse"), {}, origin);
    BOOST_TEST(!!admitted);
    const auto unknown =
        authentication.sign_in(std::string{"\xff"}, *users::Password::parse("correct horse"), {}, origin);
    BOOST_REQUIRE(!unknown);
    BOOST_CHECK(unknown.error().code == ErrorCode::invalid_credentials);
}

BOOST_FIXTURE_TEST_CASE(a_ban_or_an_unconfirmed_address_shows_only_to_the_right_password, Fixture) {
    const auto id = ann().id;
    const auto code = [&](const char* password) { return sign_in("ann@example.com", password).error().code; };
    users.rows.at(id).user.is_verified = false;
    BOOST_CHECK(code("wrong horse") == ErrorCode::invalid_credentials);
    BOOST_CHECK(code("correct horse") == ErrorCode::email_unverified);
    users.rows.at(id).user.is_verified = true;
    users.rows.at(id).user.ban = users::Ban{clock.now() + 1h, "spam"};
    BOOST_CHECK(code("wrong horse") == ErrorCode::invalid_credentials);
    BOOST_CHECK(code("correct horse") == ErrorCode::account_banned);
    BOOST_TEST(sign_in("ann@example.com", "correct horse").error().detail ==
               "The account is banned until 2026-11-23T09:00:00Z: spam");
    clock.advance(1h);
    BOOST_TEST(!!sign_in("ann@example.com", "correct horse"));
}

BOOST_FIXTURE_TEST_CASE(an_outdated_hash_is_replaced, Fixture) {
    const auto id = ann().id;
    const crypto::PasswordHasher old{{.memory_kib = 16, .passes = 1}, Secret{}};
    users.rows.at(id).password_hash = old.hash("correct horse");
    BOOST_REQUIRE(sign_in("ann@example.com", "correct horse"));
    BOOST_TEST(!hasher.is_outdated(users.rows.at(id).password_hash));
    BOOST_TEST(hasher.verify("correct horse", users.rows.at(id).password_hash));
}

BOOST_FIXTURE_TEST_CASE(a_user_has_at_most_fifty_sessions_and_the_oldest_gives_way, Fixture) {
    ann();
    std::vector<std::string> opened;
    for (std::size_t i = 0; i < sessions::kMostSessions; ++i) {
        clock.advance(1ms);
        opened.push_back(sign_in("ann@example.com", "correct horse")->tokens.access);
    }
    BOOST_TEST(!!gate.authenticate(opened[0]));  // the one of registering gave way
    clock.advance(1ms);
    BOOST_REQUIRE(sign_in("ann@example.com", "correct horse"));
    BOOST_TEST(!gate.authenticate(opened[0]));
    BOOST_TEST(!!gate.authenticate(opened[1]));
}

BOOST_FIXTURE_TEST_CASE(a_device_key_proves_a_device_to_its_user_alone, SessionFixture) {
    const auto key = device_keys.issue({admitted.session.device.id, user.id});
    const auto letters = outbox.letters.size();
    const auto again = sign_in("ann@example.com", "correct horse", {.key = key});
    BOOST_CHECK(again->session.device.id == admitted.session.device.id);
    BOOST_TEST(outbox.letters.size() == letters);

    BOOST_REQUIRE(register_account("bob@example.com", "bobby"));
    for (auto& [id, row] : users.rows)
        row.user.is_verified = true;
    BOOST_CHECK(sign_in("bob@example.com", "correct horse", {.key = key})->session.device.id !=
                admitted.session.device.id);
    BOOST_CHECK(sign_in("ann@example.com", "correct horse", {.key = "nonsense"})->session.device.id !=
                admitted.session.device.id);
    BOOST_CHECK(
        sign_in("ann@example.com", "correct horse", {.key = admitted.tokens.refresh})->session.device.id !=
        admitted.session.device.id);
    BOOST_TEST(!!device_list.remove(admitted.session.device.id, user.id, origin));
    BOOST_CHECK(sign_in("ann@example.com", "correct horse", {.key = key})->session.device.id !=
                admitted.session.device.id);
}

BOOST_FIXTURE_TEST_CASE(strangers_guesses_do_not_delay_a_known_device, SessionFixture) {
    const auto key = device_keys.issue({admitted.session.device.id, user.id});
    for (int i = 0; i < 10; ++i)
        BOOST_TEST(!sign_in("ann@example.com", "wrong horse"));
    const auto code = [&](std::string_view password, const std::string& with) {
        const auto result = sign_in("ann@example.com", password, {.key = with});
        return result ? std::nullopt : std::optional{result.error().code};
    };
    BOOST_CHECK(code("correct horse", "") == ErrorCode::too_many_requests);
    BOOST_CHECK(code("correct horse", key) == std::nullopt);
    // Its own guesses do.
    for (int i = 0; i < 5; ++i)
        BOOST_CHECK(code("wrong horse", key) == ErrorCode::invalid_credentials);
    BOOST_CHECK(code("correct horse", key) == ErrorCode::too_many_requests);
    // And strangers' keep nobody from changing what is theirs.
    BOOST_TEST(
        !!authentication.check_password_of_caller(user.id, *users::Password::parse("correct horse"), origin));
}

BOOST_AUTO_TEST_SUITE_END()
