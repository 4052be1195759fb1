#include "streamer/catch_up.h"

#include <boost/test/unit_test.hpp>

#include "fakes/clock.h"
#include "fakes/random.h"
#include "streamer/connection.h"

using namespace csauth;
using namespace csauth::streamer;
using events::Kind;
using presence::Status;

namespace {

constexpr EventId kLast = 7;
constexpr EventId kPosition = 20;

struct Fixture {
    fakes::Random random;
    fakes::Clock clock;
    UserId ann = UserId::make(clock.now(), random);
    UserId bob = UserId::make(clock.now(), random);
    SessionId phone = SessionId::make(clock.now(), random);
    SessionId laptop = SessionId::make(clock.now(), random);
    Subscription anns{
        .viewer = {.id = ann}, .session = phone, .roles = {}, .watched = {bob}, .last_event = kLast};
    std::vector<presence::Seen> seen{{.user = bob, .status = Status::online}};

    Event presence_of(EventId id, UserId user, Status status) const {
        return {.row = {.id = id, .kind = Kind::presence, .user = user},
                .known = presence::Known{{.user = user}, status}};
    }
    Event event(EventId id, Kind kind, std::optional<SessionId> session = {}) const {
        return {.row = {.id = id, .kind = kind, .user = ann, .session = session, .reason = "revoked"}};
    }
    std::string caught_up(const std::optional<std::vector<Event>>& missed) {
        return catch_up(anns, missed, seen, kPosition, clock.now());
    }
};

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

BOOST_FIXTURE_TEST_SUITE(catch_up, Fixture)

BOOST_AUTO_TEST_CASE(new_client_gets_a_snapshot_of_this_moment) {
    anns.last_event.reset();
    BOOST_TEST(caught_up(std::nullopt) == snapshot(kPosition, seen));
}

BOOST_AUTO_TEST_CASE(returning_client_gets_missed_events_in_order) {
    const auto text = caught_up({{presence_of(9, bob, Status::busy), presence_of(12, bob, Status::online)}});
    BOOST_TEST(text.starts_with(snapshot(kLast, seen)));
    const auto first = text.find("id: 9\n");
    const auto second = text.find("id: 12\n");
    BOOST_REQUIRE(first != std::string::npos && second != std::string::npos);
    BOOST_TEST(first < second);
    BOOST_TEST(!says(text, "event: reset"));
}

BOOST_AUTO_TEST_CASE(returning_client_that_missed_nothing_gets_a_snapshot) {
    BOOST_TEST(caught_up(std::vector<Event>{}) == snapshot(kLast, seen));
}

BOOST_AUTO_TEST_CASE(unknown_gap_resets_the_client) {
    BOOST_TEST(caught_up(std::nullopt) == reset(kPosition) + snapshot(kPosition, seen));
}

BOOST_AUTO_TEST_CASE(more_than_half_of_the_backlog_resets_the_client) {
    std::vector<Event> missed;
    const auto length_of_one = [&] {
        auto copy = anns;
        return rendered(presence_of(100, bob, Status::busy), copy, clock.now()).size();
    }();
    const auto room = kLongestBacklog / 2 - snapshot(kLast, seen).size();
    const auto fitting = room / length_of_one;
    for (std::size_t i = 0; i < fitting; ++i)
        missed.push_back(presence_of(100, bob, Status::busy));
    BOOST_TEST(!says(caught_up(missed), "event: reset"));
    missed.push_back(presence_of(100, bob, Status::busy));
    BOOST_TEST(caught_up(missed) == reset(kPosition) + snapshot(kPosition, seen));
}

BOOST_AUTO_TEST_CASE(end_of_former_sessions_is_not_told_to_a_new_one) {
    const auto text =
        caught_up({{event(9, Kind::sessions_ended), event(10, Kind::other_sessions_ended, laptop),
                    event(11, Kind::session_ended, laptop)}});
    BOOST_TEST(!says(text, "id: 9\n"));
    BOOST_TEST(!says(text, "id: 10\n"));
    BOOST_TEST(says(text, "id: 11\n"));  // another session's end by itself is news
}

BOOST_AUTO_TEST_CASE(snapshot_counts_as_shown) {
    (void)caught_up(std::vector<Event>{});
    BOOST_TEST(says(rendered(presence_of(21, bob, Status::offline), anns, clock.now()), "\"offline\""));
}

BOOST_AUTO_TEST_SUITE_END()
