#include "sessions/session_list.h"

#include <boost/test/unit_test.hpp>

#include "fakes/world.h"
#include "json/object.h"
#include "sessions/gate.h"
#include "unit/domain/sessions/session_fixture.h"

using namespace csauth;
using namespace std::chrono_literals;
using namespace csauth::tests;

BOOST_AUTO_TEST_SUITE(session_list)

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

BOOST_AUTO_TEST_SUITE_END()
