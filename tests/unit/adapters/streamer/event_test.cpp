#include "streamer/event.h"

#include <boost/test/unit_test.hpp>

#include "fakes/world.h"

BOOST_AUTO_TEST_SUITE(event)

using namespace csauth;
using namespace csauth::streamer;
using events::Kind;
using presence::Status;

namespace {

struct Fixture {
    fakes::Random random;
    fakes::Clock clock;
    UserId ann = UserId::make(clock.now(), random);
    UserId bob = UserId::make(clock.now(), random);
    SessionId phone = SessionId::make(clock.now(), random);
    SessionId laptop = SessionId::make(clock.now(), random);
    Subscription anns{
        .viewer = {.id = ann}, .session = phone, .roles = {"editor"}, .watched = {bob}, .last_event = {}};

    std::string told(const Event& event) { return rendered(event, anns, clock.now()); }
    Event presence_of(UserId user, Status status, bool hides = false) {
        return {.row = {.id = 7, .kind = Kind::presence, .user = user},
                .known = presence::Known{{.user = user, .hides = hides}, status}};
    }
    static Event event(Kind kind, std::optional<UserId> user, std::optional<SessionId> session = {}) {
        return {.row = {.id = 7, .kind = kind, .user = user, .session = session, .reason = "revoked"}};
    }
};

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

BOOST_FIXTURE_TEST_CASE(who_is_watched_is_told_of_and_nobody_else, Fixture) {
    const auto text = told(presence_of(bob, Status::busy));
    BOOST_TEST(text.starts_with("id: 7\nevent: presence\ndata: {"));
    BOOST_TEST(text.ends_with("}\n\n"));
    BOOST_TEST(says(text, "\"user\":\"" + bob.text() + "\""));
    BOOST_TEST(says(text, "\"status\":\"busy\""));
    BOOST_TEST(told(presence_of(ann, Status::busy)).empty());  // who does not ask for themselves
}

BOOST_FIXTURE_TEST_CASE(who_hides_or_is_gone_is_offline_and_does_not_even_come_and_go, Fixture) {
    const auto seen_online = [&] { BOOST_TEST(says(told(presence_of(bob, Status::online)), "\"online\"")); };
    seen_online();
    BOOST_TEST(says(told(presence_of(bob, Status::invisible)), "\"status\":\"offline\""));
    BOOST_TEST(told(presence_of(bob, Status::offline)).empty());
    BOOST_TEST(told(presence_of(bob, Status::invisible)).empty());
    seen_online();
    const auto hidden = told(presence_of(bob, Status::online, true));
    BOOST_TEST(says(hidden, "\"status\":\"offline\",\"last_seen\":null"));
    BOOST_TEST(told(presence_of(bob, Status::busy, true)).empty());
    seen_online();
    BOOST_TEST(told(event(Kind::presence, bob)) == hidden);  // there is no such user any more
    anns.viewer.sees_hidden = true;
    BOOST_TEST(says(told(presence_of(bob, Status::online, true)), "\"status\":\"online\""));
    anns.watched = {ann};
    BOOST_TEST(says(told(presence_of(ann, Status::invisible)), "\"status\":\"invisible\""));
}

BOOST_FIXTURE_TEST_CASE(a_stream_ends_with_its_session_and_tells_of_the_others, Fixture) {
    const auto own = event(Kind::session_ended, ann, phone);
    BOOST_TEST(says(told(own), "event: session.ended\ndata: {\"session\":\"" + phone.text() +
                                   "\",\"reason\":\"revoked\"}"));
    BOOST_TEST(ends(own, anns));
    const auto other = event(Kind::session_ended, ann, laptop);
    BOOST_TEST(says(told(other), laptop.text()));
    BOOST_TEST(!ends(other, anns));
    // Those may have begun after it: the database is asked.
    BOOST_TEST(may_end(event(Kind::sessions_ended, ann), anns));
    BOOST_TEST(!ends(event(Kind::sessions_ended, ann), anns));
    BOOST_TEST(says(told(event(Kind::sessions_ended, ann)), phone.text()));
    BOOST_TEST(may_end(event(Kind::other_sessions_ended, ann, laptop), anns));
    BOOST_TEST(!may_end(event(Kind::other_sessions_ended, ann, phone), anns));
    BOOST_TEST(told(event(Kind::other_sessions_ended, ann, phone)).empty());
    for (const auto kind : {Kind::session_ended, Kind::sessions_ended, Kind::other_sessions_ended}) {
        BOOST_TEST(told(event(kind, bob, laptop)).empty());  // watching is not knowing that
        BOOST_TEST(!ends(event(kind, bob, laptop), anns));
        BOOST_TEST(!may_end(event(kind, bob, laptop), anns));
    }
}

BOOST_FIXTURE_TEST_CASE(roles_and_profile_are_the_users_own, Fixture) {
    BOOST_TEST(says(told(event(Kind::profile_changed, ann)),
                    "event: profile.changed\ndata: {\"user\":\"" + ann.text()));
    BOOST_TEST(told(event(Kind::profile_changed, bob)).empty());
    BOOST_TEST(says(told(event(Kind::roles_changed, ann)), "event: roles.changed"));
    BOOST_TEST(told(event(Kind::roles_changed, bob)).empty());
    Event role{.row = {.id = 8, .kind = Kind::roles_changed, .role = "editor"}};
    BOOST_TEST(says(told(role), ann.text()));
    role.row.role = "author";
    BOOST_TEST(told(role).empty());
}

BOOST_FIXTURE_TEST_CASE(the_frame_is_that_of_server_sent_events, Fixture) {
    const auto text =
        snapshot(5, {{.user = bob, .status = Status::away, .last_seen = clock.now()}, {.user = ann}});
    BOOST_TEST(text.starts_with("id: 5\nevent: snapshot\ndata: {\"users\":{\"" + bob.text() +
                                "\":{\"status\":\"away\",\"last_seen\":\""));
    BOOST_TEST(says(text, "\"" + ann.text() + "\":{\"status\":\"offline\",\"last_seen\":null}}}\n\n"));
    BOOST_TEST(snapshot(0, {}) == "id: 0\nevent: snapshot\ndata: {\"users\":{}}\n\n");
    BOOST_TEST(reset(5) == "id: 5\nevent: reset\ndata: {}\n\n");
    BOOST_TEST(beat(9) == ": \nid: 9\n\n");
    BOOST_TEST(retry(std::chrono::milliseconds{1500}) == "retry: 1500\n\n");
}

BOOST_AUTO_TEST_SUITE_END()
