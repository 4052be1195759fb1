#include "sessions/device_list.h"

#include <boost/test/unit_test.hpp>

#include "fakes/world.h"
#include "unit/domain/sessions/session_fixture.h"

using namespace csauth;
using namespace std::chrono_literals;
using namespace csauth::tests;

BOOST_AUTO_TEST_SUITE(device_list)

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
