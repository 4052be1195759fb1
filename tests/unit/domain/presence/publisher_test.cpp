#include "presence/publisher.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <map>
#include <vector>

#include "base/unavailable.h"
#include "fakes/clock.h"

using namespace csauth;
using namespace std::chrono_literals;
using presence::Change;
using presence::Status;

namespace {

SessionId session(std::uint8_t n) { return {Uuid{{n}}}; }
UserId user(std::uint8_t n) { return {Uuid{{0xff, n}}}; }

/// The rows of one node, in memory.
class Rows final : public presence::NodeRows {
public:
    std::optional<std::chrono::milliseconds> age;  ///< of the lease
    std::map<decltype(Uuid::bytes), presence::OwnRow> rows;
    std::size_t dead = 0;
    int reaps = 0;
    bool is_away = false;
    std::vector<Change> written;

    bool renew_lease() override {
        if (is_away) throw Unavailable{"the database is away"};
        if (!age || *age >= presence::kLease) return false;
        age = 0ms;
        return true;
    }
    void forget_own() override { rows.clear(); }
    void begin_lease() override { age = 0ms; }
    bool is_alone() override { return true; }
    std::optional<std::chrono::milliseconds> lease_age() override { return age; }
    std::vector<presence::OwnRow> own_rows() override {
        std::vector<presence::OwnRow> all;
        for (const auto& [id, row] : rows)
            all.push_back(row);
        return all;
    }
    void write(std::span<const Change> changes, TimePoint /*now*/) override {
        for (const auto& change : changes) {
            written.push_back(change);
            if (change.now == Status::offline)
                rows.erase(change.session.uuid.bytes);
            else
                rows[change.session.uuid.bytes] = {change.session, change.user, change.now};
        }
    }
    std::size_t reap_the_dead(std::size_t most) override {
        ++reaps;
        const auto reaped = std::min(dead, most);
        dead -= reaped;
        return reaped;
    }
    void left_behind(SessionId id, UserId owner, Status status) { rows[id.uuid.bytes] = {id, owner, status}; }
};

struct Fixture {
    fakes::Clock clock;
    presence::Table table{16, 16};
    Rows rows;
    int rings = 0;
    presence::Publisher publisher{table, rows, clock, [this] { ++rings; }};

    std::optional<Status> status_in_rows(SessionId id) const {
        const auto row = rows.rows.find(id.uuid.bytes);
        return row == rows.rows.end() ? std::nullopt : std::optional{row->second.status};
    }
    void show(std::uint8_t n, Status status) { table.show(session(n), user(n), status, clock.uptime()); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(publisher, Fixture)

BOOST_AUTO_TEST_CASE(first_turn_begins_a_lease_and_writes_devices) {
    show(1, Status::busy);
    publisher.turn();
    BOOST_TEST(rows.age.has_value());
    BOOST_CHECK(status_in_rows(session(1)) == Status::busy);
    BOOST_TEST(rings == 1);
}

BOOST_AUTO_TEST_CASE(turn_without_changes_writes_nothing_and_rings_nobody) {
    show(1, Status::online);
    publisher.turn();
    rows.written.clear();
    publisher.turn();
    BOOST_TEST(rows.written.empty());
    BOOST_TEST(rings == 1);
}

BOOST_AUTO_TEST_CASE(restart_within_the_lease_takes_rows_over) {
    rows.age = 20s;
    rows.left_behind(session(1), user(1), Status::busy);
    publisher.turn();
    BOOST_CHECK(status_in_rows(session(1)) == Status::busy);  // others never saw the user leave
    BOOST_TEST(table.is_restored());

    // The device does not come back: it is gone when its lease is over, the time away included.
    clock.advance(presence::kLease - 20s + 1s);
    publisher.turn();
    BOOST_TEST(!status_in_rows(session(1)).has_value());
}

BOOST_AUTO_TEST_CASE(device_that_comes_back_keeps_the_status_taken_over) {
    rows.age = 20s;
    rows.left_behind(session(1), user(1), Status::invisible);
    publisher.turn();
    table.show(session(1), user(1), std::nullopt, clock.uptime());
    publisher.turn();
    BOOST_CHECK(status_in_rows(session(1)) == Status::invisible);
}

BOOST_AUTO_TEST_CASE(restart_after_the_lease_forgets_rows) {
    rows.age = presence::kLease;
    rows.left_behind(session(1), user(1), Status::online);
    show(2, Status::online);
    publisher.turn();
    BOOST_TEST(!status_in_rows(session(1)).has_value());
    BOOST_CHECK(status_in_rows(session(2)) == Status::online);
}

BOOST_AUTO_TEST_CASE(lease_lost_while_running_writes_every_device_again) {
    show(1, Status::online);
    publisher.turn();
    rows.age = presence::kLease;  // the keeper was stopped for a minute
    publisher.turn();
    BOOST_CHECK(status_in_rows(session(1)) == Status::online);
    BOOST_TEST(rows.written.size() == 2U);
}

BOOST_AUTO_TEST_CASE(rows_without_room_in_the_table_are_deleted) {
    presence::Table full{1, 0};
    for (std::uint8_t n = 1; n <= presence::Table::kSlotsOfBlock; ++n)
        BOOST_REQUIRE(full.show(session(n), user(n), Status::online, clock.uptime()));
    rows.age = 20s;
    rows.left_behind(session(100), user(100), Status::online);
    presence::Publisher crowded{full, rows, clock, [] {}};
    crowded.turn();
    BOOST_TEST(!status_in_rows(session(100)).has_value());
}

BOOST_AUTO_TEST_CASE(outage_loses_no_change) {
    show(1, Status::online);
    rows.is_away = true;
    BOOST_CHECK_THROW(publisher.turn(), Unavailable);
    BOOST_TEST(!table.is_restored());
    rows.is_away = false;
    publisher.turn();
    BOOST_CHECK(status_in_rows(session(1)) == Status::online);
}

BOOST_AUTO_TEST_CASE(rows_of_dead_nodes_are_reaped_in_batches) {
    rows.dead = 2 * presence::Publisher::kChangesATime + 1;
    publisher.turn();
    BOOST_TEST(rows.dead == 0U);
    BOOST_TEST(rows.reaps == 3);
    publisher.turn();  // not on every turn
    BOOST_TEST(rows.reaps == 3);
}

BOOST_AUTO_TEST_SUITE_END()
