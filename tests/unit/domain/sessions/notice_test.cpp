#include "sessions/notice.h"

#include <boost/test/unit_test.hpp>

#include "fakes/world.h"
#include "unit/domain/accounts/account_fixture.h"

using namespace csauth;
using namespace std::chrono_literals;
using namespace csauth::tests;

BOOST_AUTO_TEST_SUITE(notices)

BOOST_FIXTURE_TEST_CASE(a_sign_in_from_elsewhere_on_a_new_device_is_told, AccountFixture) {
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

BOOST_AUTO_TEST_SUITE_END()
