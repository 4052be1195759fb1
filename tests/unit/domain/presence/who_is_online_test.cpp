#include "presence/who_is_online.h"

#include <boost/test/unit_test.hpp>

#include "fakes/world.h"

using namespace csauth;
using namespace std::chrono_literals;
using presence::Status;

BOOST_AUTO_TEST_SUITE(who_is_online)

namespace {

struct Fixture : fakes::World {
    UserId ann = register_account("ann@example.com", "annie")->user.id;
    UserId bob = register_account("bob@example.com", "bobby")->user.id;
    SessionId phone = SessionId::make({}, random);
    Fixture() {
        users.rows.at(ann).user.is_verified = true;
        users.rows.at(bob).user.is_verified = true;
        presences.went_at[ann] = clock.now() - 1h;
    }
    void show(std::optional<Status> status) { presence.show(phone, ann, status, clock.uptime()); }
    presence::Seen ann_seen(const presence::Viewer& viewer) {
        return who_is_online.look(std::vector{ann}, viewer).at(0);
    }
    presence::Seen seen_by_bob() { return ann_seen({.id = bob}); }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(others_see_who_is_there_and_when_they_went, Fixture) {
    BOOST_CHECK(seen_by_bob().status == Status::offline);
    BOOST_CHECK(seen_by_bob().last_seen == clock.now() - 1h);
    show({});
    BOOST_CHECK(seen_by_bob().status == Status::online);
    BOOST_CHECK(seen_by_bob().last_seen == clock.now());
    presences.elsewhere[ann] = Status::busy;  // on another node
    BOOST_CHECK(seen_by_bob().status == Status::busy);
    show(Status::away);
    presences.elsewhere[ann] = Status::online;
    BOOST_CHECK(seen_by_bob().status == Status::online);
}

BOOST_FIXTURE_TEST_CASE(who_is_invisible_is_offline_for_everybody_but_themselves, Fixture) {
    show(Status::invisible);
    BOOST_CHECK(seen_by_bob().status == Status::offline);
    BOOST_CHECK(seen_by_bob().last_seen == clock.now() - 1h);
    BOOST_CHECK(ann_seen({.id = bob, .sees_hidden = true}).status == Status::offline);
    BOOST_CHECK(ann_seen({.id = ann}).status == Status::invisible);
    presences.elsewhere[ann] = Status::online;
    BOOST_CHECK(seen_by_bob().status == Status::offline);
}

BOOST_FIXTURE_TEST_CASE(who_hides_and_who_there_is_not_look_alike, Fixture) {
    show(Status::online);
    users.rows.at(ann).user.hide_presence = true;
    const auto nobody = UserId::make({}, random);
    const auto hidden = seen_by_bob();
    const auto none = who_is_online.look(std::vector{nobody}, {.id = bob}).at(0);
    BOOST_CHECK(hidden.status == none.status);
    BOOST_TEST(!hidden.last_seen.has_value());
    BOOST_TEST(!none.last_seen.has_value());
    BOOST_CHECK(none.user == nobody);
    BOOST_CHECK(ann_seen({.id = ann}).status == Status::online);
    BOOST_CHECK(ann_seen({.id = bob, .sees_hidden = true}).status == Status::online);
    users.rows.at(ann).user.hide_presence = false;
    users.rows.at(ann).user.is_verified = false;
    BOOST_CHECK(seen_by_bob().status == Status::offline);
}

BOOST_FIXTURE_TEST_CASE(each_is_answered_in_the_order_of_the_question, Fixture) {
    show({});
    const auto seen = who_is_online.look(std::vector{bob, ann, bob}, {.id = bob});
    BOOST_REQUIRE(seen.size() == 3U);
    BOOST_CHECK(seen[0].user == bob);
    BOOST_CHECK(seen[1].status == Status::online);
    BOOST_TEST(who_is_online.look({}, {.id = bob}).empty());
}

BOOST_FIXTURE_TEST_CASE(a_signed_request_is_a_sign_of_life, Fixture) {
    const auto admitted = sign_in("bob@example.com", "correct horse");
    BOOST_TEST(!!gate.authenticate(admitted->tokens.access));
    BOOST_CHECK(presence.status_of(bob, clock.uptime()) == Status::online);
    BOOST_TEST(!gate.authenticate("no token"));
}

BOOST_AUTO_TEST_SUITE_END()
