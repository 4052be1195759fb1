#include "sessions/sign_out.h"

#include <boost/test/unit_test.hpp>

#include "fakes/world.h"
#include "json/object.h"

using namespace csauth;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(sign_out)

struct Fixture : fakes::World {
    users::User user = ann();
    std::string phone = sign_in("ann@example.com", "correct horse")->tokens.access;
    std::string laptop = sign_in("ann@example.com", "correct horse")->tokens.access;

    void leave(const std::string& token, sessions::Scope scope) {
        const auto caller = gate.authenticate(token);
        BOOST_REQUIRE(caller);
        sign_out.sign_out(caller->holder.id, caller->session, scope, origin);
    }
};

BOOST_FIXTURE_TEST_CASE(one_session_ends_at_once, Fixture) {
    leave(phone, sessions::Scope::this_one);
    BOOST_CHECK(gate.authenticate(phone).error().code == ErrorCode::session_ended);
    BOOST_TEST(!!gate.authenticate(laptop));
    BOOST_TEST(audit.count(audit::Action::logout) == 1);
}

BOOST_FIXTURE_TEST_CASE(the_others_end_and_this_one_stays, Fixture) {
    leave(phone, sessions::Scope::others);
    BOOST_TEST(!!gate.authenticate(phone));
    BOOST_TEST(!gate.authenticate(laptop));
}

BOOST_FIXTURE_TEST_CASE(all_end_and_so_does_a_sign_in_that_is_under_way, Fixture) {
    const auto read_before = users.rows.at(user.id).user;
    leave(phone, sessions::Scope::all);
    BOOST_TEST(!gate.authenticate(phone));
    BOOST_TEST(!gate.authenticate(laptop));
    BOOST_TEST(!session_opener.open(read_before, {}, origin).has_value());
    BOOST_TEST(!!sign_in("ann@example.com", "correct horse"));
}

BOOST_FIXTURE_TEST_CASE(a_gate_checks_both_types_of_token, Fixture) {
    const auto pair = sign_in("ann@example.com", "correct horse")->tokens;
    BOOST_TEST(!!gate.check(pair.access));
    BOOST_TEST(!!gate.check(pair.refresh));
    BOOST_TEST(!gate.check("nonsense"));
    BOOST_REQUIRE(refresh.refresh(pair.refresh, "", origin));
    BOOST_TEST(!gate.check(pair.refresh));
    leave(pair.access, sessions::Scope::this_one);
    BOOST_TEST(!gate.check(pair.access));
}

BOOST_AUTO_TEST_SUITE_END()
