#include <boost/test/unit_test.hpp>

#include "store_database.h"

BOOST_AUTO_TEST_SUITE(presences)

using namespace csauth;
using namespace std::chrono_literals;
using presence::Change;
using presence::Status;

namespace {

struct Fixture : tests::StoreDatabase {
    store::Presences there{database, store::node_named("there")};
    UserId ann = made("ann@example.com", "annie");
    UserId bob = made("bob@example.com", "bobby");

    UserId made(const char* email, const char* username) {
        const auto id = UserId::make(clock.now(), random);
        users.add({.id = id,
                   .email = *users::Email::parse(email),
                   .username = *users::Username::parse(username),
                   .password_hash = "!",
                   .full_name = {},
                   .bio = {},
                   .language = "en",
                   .created_at = clock.now()});
        users.mark_verified(id, email, 0, clock.now());
        return id;
    }
    Change change(UserId user, Status now, Status written = Status::offline) {
        return {
            .session = session_of(user),
            .user = user,
            .now = now,
            .written = written,

            .unseen_for = 5s,
            .is_gone = shown_to_others(written) != Status::offline && shown_to_others(now) == Status::offline,
            .is_news = true};
    }
    static void begin(store::Presences& node) {
        node.forget_own();
        node.begin_lease();
    }
    static SessionId session_of(UserId user) { return {user.uuid}; }
    presence::Record record(store::Presences& reader, UserId user) {
        const auto found = reader.of(std::vector{user});
        BOOST_REQUIRE(found.size() == 1U);
        return found[0];
    }
    std::int64_t count(const std::string& table) {
        return database
            .find_one([](db::Row& row) { return row.integer("n"); }, "SELECT COUNT(*) AS n FROM " + table)
            .value();
    }
    void let_lapse(const char* node) {
        database.execute("UPDATE nodes SET renewed_at = renewed_at - INTERVAL 61 SECOND WHERE node_id = ?",
                         {store::node_named(node)});
    }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(other_nodes_see_who_is_there_while_the_lease_lasts, Fixture) {
    begin(presences);
    BOOST_TEST(presences.renew_lease());
    presences.write(std::vector{change(ann, Status::busy)}, clock.now());
    BOOST_CHECK(record(there, ann).elsewhere == Status::busy);
    BOOST_CHECK(record(presences, ann).elsewhere == Status::offline);  // of itself a node knows better
    BOOST_CHECK(record(there, bob).elsewhere == Status::offline);
    BOOST_TEST(!record(there, bob).last_seen.has_value());
    BOOST_TEST(users.find(ann, clock.now())->is_online);
    BOOST_CHECK(users.find(ann, clock.now())->last_seen == clock.now());
    BOOST_TEST(!users.find(bob, clock.now())->is_online);

    presences.write(std::vector{change(ann, Status::invisible, Status::busy)}, clock.now());
    BOOST_CHECK(record(there, ann).elsewhere == Status::invisible);
    BOOST_CHECK(record(there, ann).last_seen == clock.now() - 5s);
    BOOST_TEST(!users.find(ann, clock.now())->is_online);
    presences.write(std::vector{change(ann, Status::online, Status::invisible)}, clock.now());
    let_lapse("here");
    BOOST_CHECK(record(there, ann).elsewhere == Status::offline);
    BOOST_TEST(record(there, ann).last_seen.has_value());
    BOOST_TEST(!users.find(ann, clock.now())->is_online);
    BOOST_TEST(!presences.renew_lease());
}

BOOST_FIXTURE_TEST_CASE(who_is_there_on_this_node_is_there, Fixture) {
    presence::Table here{16};
    is_here = {here, clock};
    const auto phone = SessionId::make(clock.now(), random);
    here.show(phone, ann, Status::online, clock.uptime());
    BOOST_TEST(users.find(ann, clock.now())->is_online);
    BOOST_CHECK(users.find(ann, clock.now())->last_seen == clock.now());
    BOOST_TEST(users.find(ann, clock.now())->email == "ann@example.com");
    BOOST_TEST(!users.find(UserId::make(clock.now(), random), clock.now()).has_value());

    begin(presences);  // what this node has written of itself may be a second old
    presences.write(std::vector{change(ann, Status::invisible)}, clock.now());
    BOOST_TEST(users.find(ann, clock.now())->is_online);
    begin(there);  // but a user who hides on another node hides here
    there.write(std::vector{change(ann, Status::invisible)}, clock.now());
    BOOST_TEST(!users.find(ann, clock.now())->is_online);
    there.write(std::vector{change(ann, Status::busy, Status::invisible)}, clock.now());
    presences.write(std::vector{change(ann, Status::offline, Status::invisible)}, clock.now());
    BOOST_TEST(users.find(ann, clock.now())->is_online);
    here.remove(phone, ann, clock.uptime());
    BOOST_TEST(users.find(ann, clock.now())->is_online);  // there
    here.show(phone, ann, Status::invisible, clock.uptime());
    BOOST_TEST(!users.find(ann, clock.now())->is_online);
}

BOOST_FIXTURE_TEST_CASE(a_node_that_is_alone_asks_nothing_of_others, Fixture) {
    begin(presences);
    BOOST_TEST(presences.is_alone());
    begin(there);
    BOOST_TEST(!presences.is_alone());
    BOOST_TEST(!there.is_alone());
    there.write(std::vector{change(ann, Status::invisible)}, clock.now());

    presence::Table here{16};
    is_here = {here, clock};
    here.show(SessionId::make(clock.now(), random), ann, Status::online, clock.uptime());
    BOOST_TEST(!users.find(ann, clock.now())->is_online);  // who hides there hides here
    here.note_alone(true, clock.uptime());
    BOOST_TEST(users.find(ann, clock.now())->is_online);
    BOOST_TEST(here.is_alone(clock.uptime() + 3s - 1ms));
    BOOST_TEST(!here.is_alone(clock.uptime() + 3s));  // the keeper says it once a second
    here.note_alone(false, clock.uptime());
    BOOST_TEST(!users.find(ann, clock.now())->is_online);

    let_lapse("there");
    BOOST_TEST(presences.is_alone());
}

BOOST_FIXTURE_TEST_CASE(whoever_goes_was_last_seen_then, Fixture) {
    begin(presences);
    presences.write(std::vector{change(ann, Status::online)}, clock.now());
    presences.write(std::vector{change(ann, Status::offline, Status::online)}, clock.now());
    BOOST_TEST(count("presence") == 0);
    BOOST_CHECK(record(there, ann).last_seen == clock.now() - 5s);
    clock.advance(-1h);  // a node with a slow clock takes nothing back
    presences.write(std::vector{change(ann, Status::offline, Status::online)}, clock.now());
    BOOST_CHECK(record(there, ann).last_seen == clock.now() + 1h - 5s);
    // Nothing moves while somebody is invisible.
    clock.advance(2h);
    presences.write(std::vector{change(ann, Status::invisible)}, clock.now());
    presences.write(std::vector{change(ann, Status::offline, Status::invisible)}, clock.now());
    BOOST_CHECK(record(there, ann).last_seen == clock.now() - 1h - 5s);
    // A user that was deleted meanwhile leaves no row.
    presences.write(std::vector{change(bob, Status::online)}, clock.now());
    users.remove(bob, 0);
    presences.write(std::vector{change(bob, Status::offline, Status::online)}, clock.now());
    BOOST_TEST(count("last_seen") == 1);
}

BOOST_FIXTURE_TEST_CASE(what_is_news_is_an_event_once_a_user, Fixture) {
    begin(presences);
    const auto before = count("events");
    auto second = change(ann, Status::busy);
    second.session = SessionId::make(clock.now(), random);
    auto quiet = change(bob, Status::online);
    quiet.is_news = false;
    presences.write(std::vector{change(ann, Status::online), second, quiet}, clock.now());
    BOOST_TEST(count("presence") == 3);
    BOOST_TEST(count("events") == before + 1);
}

BOOST_FIXTURE_TEST_CASE(hundreds_are_written_at_once, Fixture) {
    begin(presences);
    std::vector<Change> many;
    for (int i = 0; i < 501; ++i) {
        many.push_back(change(ann, Status::online));
        many.back().session = SessionId::make(clock.now(), random);
    }
    presences.write(many, clock.now());
    BOOST_TEST(count("presence") == 501);
    BOOST_TEST(presences.own_rows().size() == 501U);
    for (auto& one : many) {
        one.written = one.now;
        one.now = Status::offline;
    }
    presences.write(many, clock.now());
    BOOST_TEST(count("presence") == 0);
}

BOOST_FIXTURE_TEST_CASE(a_node_that_is_gone_leaves_no_ghosts, Fixture) {
    begin(presences);
    begin(there);
    there.write(std::vector{change(ann, Status::online), change(bob, Status::invisible)}, clock.now());
    BOOST_TEST(presences.reap_the_dead(500) == 0U);
    let_lapse("there");
    const auto before = count("events");
    BOOST_TEST(presences.reap_the_dead(1) == 1U);
    BOOST_TEST(presences.reap_the_dead(1) == 1U);
    BOOST_TEST(presences.reap_the_dead(1) == 0U);
    BOOST_TEST(count("nodes") == 1);
    BOOST_TEST(count("presence") == 0);
    BOOST_TEST(count("events") == before + 1);  // that the invisible one went is no news
    BOOST_TEST(count("last_seen") == 1);
    BOOST_TEST(!there.renew_lease());  // and finds out about it
}

BOOST_FIXTURE_TEST_CASE(a_node_that_was_away_for_long_begins_anew, Fixture) {
    BOOST_TEST(!presences.lease_age().has_value());
    BOOST_TEST(!presences.renew_lease());
    begin(presences);
    presences.write(std::vector{change(ann, Status::online)}, clock.now());
    BOOST_TEST((presences.lease_age().value() < 60s));
    let_lapse("here");
    BOOST_TEST(!presences.renew_lease());
    begin(presences);
    BOOST_TEST(presences.own_rows().empty());
    BOOST_TEST(presences.renew_lease());
    BOOST_TEST(record(there, ann).last_seen.has_value());
}

BOOST_AUTO_TEST_SUITE_END()
