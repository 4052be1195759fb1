#include "sessions/session_opener.h"

#include <boost/test/unit_test.hpp>

#include "fakes/world.h"
#include "unit/domain/accounts/account_fixture.h"
#include "unit/domain/sessions/session_fixture.h"

using namespace csauth;
using namespace std::chrono_literals;
using namespace csauth::tests;

BOOST_AUTO_TEST_SUITE(session_opener)

BOOST_FIXTURE_TEST_CASE(sign_in_from_elsewhere_on_a_new_device_is_told, AccountFixture) {
    const auto told = [&] {
        return std::count_if(outbox.letters.begin(), outbox.letters.end(),
                             [](const auto& letter) { return letter.which == outbox::Template::new_device; });
    };
    const devices::DeviceClaim phone{.push_token = devices::PushToken{"phone"}, .type = {}, .name = ""};
    BOOST_TEST(!!sign_in("ann@example.com", "correct horse", phone));  // the browser that registered
    BOOST_TEST(told() == 0);
    origin.ip = "192.0.2.77";
    BOOST_TEST(!!sign_in("ann@example.com", "correct horse", phone));  // a device that we know
    BOOST_TEST(told() == 0);
    origin.user_agent = "another";
    BOOST_TEST(!!sign_in("ann@example.com", "correct horse"));
    BOOST_TEST(told() == 1);
    BOOST_TEST(!!sign_in("ann@example.com", "correct horse"));
    BOOST_TEST(told() == 1);
}

BOOST_FIXTURE_TEST_CASE(signing_in_again_on_a_device_ends_its_session, SessionFixture) {
    const auto key = device_keys.issue({admitted.session.device.id, user.id});
    const auto again = sign_in("ann@example.com", "correct horse", {.key = key});
    BOOST_REQUIRE(again);
    BOOST_CHECK(refusal(gate) == ErrorCode::session_ended);
    BOOST_TEST(!!gate.authenticate(again->tokens.access));
}

BOOST_FIXTURE_TEST_CASE(last_hundred_devices_without_a_session_are_known, SessionFixture) {
    for (int i = 0; i < 200; ++i) {
        clock.advance(1s);
        BOOST_REQUIRE(sign_in("ann@example.com", "correct horse"));
    }
    BOOST_TEST(devices.page_of(user.id, {}, 1000).size() ==
               sessions::kMostIdleDevices + sessions::kMostSessions);
}

BOOST_AUTO_TEST_SUITE_END()
