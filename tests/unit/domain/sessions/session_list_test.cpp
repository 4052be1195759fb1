#include "sessions/session_list.h"

#include <boost/test/unit_test.hpp>

#include "fakes/world.h"
#include "json/object.h"
#include "sessions/gate.h"
#include "unit/domain/sessions/session_fixture.h"

using namespace csauth;
using namespace std::chrono_literals;
using namespace csauth::tests;

BOOST_AUTO_TEST_SUITE(own_lists)

BOOST_FIXTURE_TEST_CASE(people_see_and_end_their_own_sessions_and_no_others, SessionFixture) {
    const auto bob = register_account("bob@example.com", "bobby");
    BOOST_TEST(session_list.of(user.id).size() == 3U);
    const auto code = [&](const Result<void>& result) {
        return result ? std::nullopt : std::optional{result.error().code};
    };
    BOOST_CHECK(code(session_list.end(bob->session.id, user.id, origin)) == ErrorCode::not_found);
    BOOST_CHECK(code(session_list.end(admitted.session.id, user.id, origin)) == std::nullopt);
    BOOST_CHECK(code(session_list.end(admitted.session.id, user.id, origin)) == ErrorCode::not_found);
    BOOST_TEST(session_list.of(user.id).size() == 2U);
    BOOST_TEST(audit.count(audit::Action::logout) == 1);
    // The last use is what memory knows.
    const auto oldest = session_list.of(user.id).back().id;
    activity.note({oldest, 0, clock.now() + 1s});
    BOOST_CHECK(session_list.of(user.id).front().id == oldest);
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

BOOST_FIXTURE_TEST_CASE(a_removed_device_takes_its_sessions_along, SessionFixture) {
    const auto bob = register_account("bob@example.com", "bobby");
    BOOST_CHECK(device_list.remove(bob->session.device.id, user.id, origin).error().code ==
                ErrorCode::not_found);
    BOOST_CHECK(device_list.change(bob->session.device.id, user.id, {}).error().code == ErrorCode::not_found);
    BOOST_TEST(!!gate.authenticate(token));
    BOOST_TEST(!!device_list.remove(admitted.session.device.id, user.id, origin));
    BOOST_CHECK(refusal(gate) == ErrorCode::session_ended);
    BOOST_TEST(!refresh.refresh(admitted.tokens.refresh, "", origin));
    BOOST_CHECK(device_list.device_of(admitted.session.id).error().code == ErrorCode::session_ended);
}

BOOST_AUTO_TEST_SUITE_END()
