#include "presence/signs_of_life.h"

#include <boost/test/unit_test.hpp>

#include "fakes/clock.h"
#include "fakes/random.h"

using namespace csauth;
using presence::Status;

namespace {

struct SignsFixture {
    fakes::Clock clock;
    fakes::Random random;
    presence::Table table;
    presence::SignsOfLife signs{table, clock};
    UserId ann = UserId::make(clock.now(), random);
    SessionId phone = SessionId::make(clock.now(), random);
    SessionId laptop = SessionId::make(clock.now(), random);

    Status status() const { return table.status_of(ann, clock.uptime()); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(signs_of_life)

BOOST_FIXTURE_TEST_CASE(a_sign_lasts_for_a_lease, SignsFixture) {
    BOOST_TEST((status() == Status::offline));
    signs.note(phone, ann);
    BOOST_TEST((status() == Status::online));
    clock.advance(presence::kLease - std::chrono::milliseconds{1});
    BOOST_TEST((status() == Status::online));
    clock.advance(std::chrono::milliseconds{1});
    BOOST_TEST((status() == Status::offline));
}

BOOST_FIXTURE_TEST_CASE(a_request_keeps_the_status_of_the_heartbeat, SignsFixture) {
    BOOST_TEST(signs.note(phone, ann, Status::busy));
    signs.note(phone, ann);
    BOOST_TEST((status() == Status::busy));
}

BOOST_FIXTURE_TEST_CASE(an_ended_session_shows_nobody, SignsFixture) {
    signs.note(phone, ann);
    signs.note(laptop, ann);
    signs.end(phone, ann);
    BOOST_TEST((status() == Status::online));
    signs.end(laptop, ann);
    BOOST_TEST((status() == Status::offline));
}

BOOST_FIXTURE_TEST_CASE(all_sessions_end_but_the_kept_one, SignsFixture) {
    signs.note(phone, ann);
    BOOST_TEST(signs.note(laptop, ann, Status::away));
    clock.advance(std::chrono::seconds{1});
    signs.end_all(ann, laptop, clock.now());
    BOOST_TEST((status() == Status::away));
    signs.end_all(ann, {}, clock.now());
    BOOST_TEST((status() == Status::offline));
}

BOOST_FIXTURE_TEST_CASE(a_session_that_began_later_is_kept, SignsFixture) {
    const auto before = clock.now();
    clock.advance(std::chrono::seconds{1});
    signs.note(SessionId::make(clock.now(), random), ann);
    signs.end_all(ann, {}, before);
    BOOST_TEST((status() == Status::online));
}

BOOST_AUTO_TEST_SUITE_END()
