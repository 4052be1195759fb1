#include "presence/table.h"

#include <array>
#include <boost/test/unit_test.hpp>

#include "fakes/world.h"
#include "unit/domain/presence/table_fixture.h"

using namespace csauth;
using namespace std::chrono_literals;
using presence::Change;
using presence::kLease;
using presence::Status;
using presence::Table;
using namespace csauth::tests;

BOOST_AUTO_TEST_SUITE(table)

BOOST_FIXTURE_TEST_CASE(a_device_is_there_for_as_long_as_its_lease, TableFixture) {
    BOOST_CHECK(table.status_of(ann, now) == Status::offline);
    table.show(phone, ann, {}, now);
    BOOST_CHECK(table.status_of(ann, now) == Status::online);
    BOOST_CHECK(table.status_of(ann, now + kLease - 1ms) == Status::online);
    BOOST_CHECK(table.status_of(ann, now + kLease) == Status::offline);
    now += 20s;
    table.show(phone, ann, {}, now);
    BOOST_CHECK(table.status_of(ann, now + kLease - 1ms) == Status::online);
    BOOST_CHECK(table.status_of(bob, now) == Status::offline);
    table.show(phone, ann, {}, now - 1s);  // a worker that was slow takes nothing back
    BOOST_CHECK(table.status_of(ann, now + kLease - 1ms) == Status::online);
}

BOOST_FIXTURE_TEST_CASE(what_was_said_holds_until_the_device_is_gone, TableFixture) {
    table.show(phone, ann, Status::busy, now);
    table.show(phone, ann, {}, now);  // any other request
    BOOST_CHECK(table.status_of(ann, now) == Status::busy);
    now += kLease;
    table.show(phone, ann, {}, now);
    BOOST_CHECK(table.status_of(ann, now) == Status::online);
    table.show(phone, ann, Status::invisible, now);
    now += 10 * kLease;
    table.show(phone, ann, {}, now);  // nobody is given away by coming back
    BOOST_CHECK(table.status_of(ann, now) == Status::invisible);
    table.show(phone, ann, Status::online, now);
    BOOST_CHECK(table.status_of(ann, now) == Status::online);
}

BOOST_FIXTURE_TEST_CASE(chosen_status_wins_over_other_devices, TableFixture) {
    table.show(phone, ann, Status::away, now);
    BOOST_CHECK(table.status_of(ann, now) == Status::away);
    table.show(laptop, ann, Status::online, now);
    BOOST_CHECK(table.status_of(ann, now) == Status::online);
    table.show(phone, ann, Status::busy, now);
    BOOST_CHECK(table.status_of(ann, now) == Status::busy);
    table.show(laptop, ann, {}, now);  // merely polls
    BOOST_CHECK(table.status_of(ann, now) == Status::busy);
    table.show(laptop, ann, Status::invisible, now);
    BOOST_CHECK(table.status_of(ann, now) == Status::invisible);
    // Each status against each, in both orders.
    const std::array order{Status::offline, Status::away, Status::online, Status::busy, Status::invisible};
    for (std::size_t i = 0; i < order.size(); ++i)
        for (std::size_t j = 0; j < order.size(); ++j)
            BOOST_CHECK(presence::together(order[i], order[j]) == order[std::max(i, j)]);
}

BOOST_FIXTURE_TEST_CASE(removed_device_leaves_the_others, TableFixture) {
    table.show(phone, ann, Status::online, now);
    table.show(laptop, ann, Status::away, now);
    table.remove(phone, ann, now);
    BOOST_CHECK(table.status_of(ann, now) == Status::away);
    table.show(phone, ann, Status::invisible, now);
    BOOST_CHECK(table.status_of(ann, now) == Status::invisible);
    // All that began before a moment, but one.
    const TimePoint begun{};
    table.remove_all(ann, phone, begun + 1ms, now);
    BOOST_CHECK(table.status_of(ann, now) == Status::invisible);
    table.remove_all(ann, {}, begun, now);
    BOOST_CHECK(table.status_of(ann, now) == Status::invisible);
    table.remove_all(ann, {}, begun + 1ms, now);
    BOOST_CHECK(table.status_of(ann, now) == Status::offline);
}

BOOST_FIXTURE_TEST_CASE(only_what_has_changed_is_written, TableFixture) {
    table.show(phone, ann, {}, now);
    auto found = written();
    BOOST_REQUIRE(found.size() == 1U);
    BOOST_CHECK(found[0].session == phone);
    BOOST_CHECK(found[0].user == ann);
    BOOST_CHECK(found[0].now == Status::online);
    BOOST_CHECK(found[0].written == Status::offline);
    BOOST_TEST(found[0].is_news);
    for (int i = 0; i < 10; ++i) {  // heartbeats cost the database nothing
        now += 5s;
        table.show(phone, ann, Status::online, now);
        BOOST_TEST(changes().empty());
    }
    table.show(laptop, ann, Status::away, now);
    found = written();
    BOOST_REQUIRE(found.size() == 1U);
    BOOST_TEST(!found[0].is_news);  // they were online before
    table.show(phone, ann, Status::invisible, now);
    BOOST_TEST(written().at(0).is_news);
    table.show(laptop, ann, Status::busy, now);
    BOOST_TEST(!written().at(0).is_news);  // nobody sees it
    now += kLease + 5s;
    found = written();
    BOOST_REQUIRE(found.size() == 2U);
    BOOST_TEST(!found[0].is_news);
    BOOST_CHECK(found[0].now == Status::offline);
    BOOST_TEST(found[0].unseen_for.count() == 65'000);
    BOOST_TEST(changes().empty());
}

BOOST_FIXTURE_TEST_CASE(what_changes_while_it_is_written_is_written_again, TableFixture) {
    table.show(phone, ann, {}, now);
    const auto found = changes();
    table.show(phone, ann, Status::away, now);
    table.mark_written(found);
    BOOST_CHECK(changes().at(0).now == Status::away);
    BOOST_CHECK(changes().at(0).written == Status::online);
}

BOOST_FIXTURE_TEST_CASE(device_that_came_and_went_unwritten_is_news, TableFixture) {
    // A stream that was opened meanwhile has shown the user as online.
    table.show(phone, ann, {}, now);
    table.remove(phone, ann, now);
    auto found = written();
    BOOST_REQUIRE(found.size() == 1U);
    BOOST_CHECK(found[0].now == Status::offline);
    BOOST_TEST(found[0].is_news);
    BOOST_TEST(found[0].is_gone);
    BOOST_TEST(changes().empty());
    // The same for a change that is undone, and for two changes at once.
    table.show(phone, ann, Status::away, now);
    written();
    table.show(phone, ann, Status::busy, now);
    table.show(phone, ann, Status::away, now);
    found = written();
    BOOST_REQUIRE(found.size() == 1U);
    BOOST_TEST(found[0].is_news);
    BOOST_TEST(!found[0].is_gone);
    table.show(laptop, ann, Status::busy, now);
    table.show(laptop, ann, Status::away, now);
    found = written();
    BOOST_REQUIRE(found.size() == 1U);
    BOOST_TEST(found[0].is_news);
    BOOST_TEST(changes().empty());
}

BOOST_FIXTURE_TEST_CASE(change_undone_while_it_is_written_is_news, TableFixture) {
    table.show(phone, ann, {}, now);
    const auto found = changes();
    table.remove(phone, ann, now);
    table.show(phone, ann, Status::online, now);
    table.mark_written(found);
    BOOST_REQUIRE(changes().size() == 1U);
    BOOST_CHECK(changes()[0].now == Status::online);
    BOOST_TEST(changes()[0].is_news);
}

BOOST_FIXTURE_TEST_CASE(invisible_device_that_came_and_went_is_no_news, TableFixture) {
    table.show(phone, ann, Status::invisible, now);
    table.remove(phone, ann, now);
    BOOST_TEST(changes().empty());
    table.show(phone, ann, Status::invisible, now);
    written();
    table.show(laptop, ann, Status::online, now);  // hidden by the phone
    table.remove(laptop, ann, now);
    for (const Change& change : changes()) {
        BOOST_TEST(!change.is_news);
        BOOST_TEST(!change.is_gone);
    }
}

namespace {

struct SmallTable : TableFixture {
    static constexpr std::size_t kOfBlock = Table::kSlotsOfBlock;
    Table small{2, 2};  // 64 places
    std::vector<SessionId> sessions;
    /// Shows `count` more devices of the user; returns how many of them found a place.
    std::size_t fill(UserId user, std::size_t count, std::optional<Status> status = {}) {
        std::size_t shown = 0;
        for (std::size_t i = 0; i < count; ++i) {
            sessions.push_back(SessionId::make({}, random));
            shown += small.show(sessions.back(), user, status, now) ? 1U : 0U;
        }
        return shown;
    }
    void write() { small.mark_written(small.unwritten(1000, now)); }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(every_session_of_a_user_has_a_place, TableFixture) {
    Table full{1, 4};
    std::vector<SessionId> sessions;
    for (std::size_t i = 0; i < sessions::kMostSessions; ++i) {
        sessions.push_back(SessionId::make({}, random));
        BOOST_TEST(full.show(sessions.back(), ann, Status::away, now));
    }
    for (const auto& session : sessions)
        BOOST_TEST(full.show(session, ann, Status::busy, now));
    BOOST_TEST(full.unwritten(1000, now).size() == sessions::kMostSessions);
    full.mark_written(full.unwritten(1000, now));
    for (const auto& session : sessions) {
        BOOST_CHECK(full.status_of(ann, now) == Status::busy);
        full.remove(session, ann, now);
    }
    BOOST_CHECK(full.status_of(ann, now) == Status::offline);
}

BOOST_FIXTURE_TEST_CASE(full_table_refuses_and_takes_again, SmallTable) {
    BOOST_TEST(fill(ann, 3 * kOfBlock) == 3 * kOfBlock);
    BOOST_TEST(fill(ann, 1) == 0U);
    BOOST_TEST(!small.restore(phone, ann, Status::busy, now));
    BOOST_TEST(small.show(sessions.front(), ann, Status::busy, now));  // it has its place
    write();
    now += kLease;
    BOOST_TEST(fill(ann, 1) == 0U);  // the database has rows of all of them
    write();
    BOOST_TEST(fill(ann, 3 * kOfBlock) == 3 * kOfBlock);
    BOOST_TEST(fill(ann, 1) == 0U);
}

BOOST_FIXTURE_TEST_CASE(new_device_takes_no_place_of_an_invisible_one, SmallTable) {
    fill(ann, kOfBlock, Status::invisible);
    write();
    now += kLease;
    write();
    BOOST_TEST(fill(bob, 2 * kOfBlock) == 2 * kOfBlock);  // of either bucket
    small.show(sessions.front(), ann, {}, now);
    BOOST_CHECK(small.status_of(ann, now) == Status::invisible);
    write();
    // Without any other place, it does.
    BOOST_TEST(fill(ann, 2 * kOfBlock) + fill(bob, 2 * kOfBlock) > 0U);
}

BOOST_FIXTURE_TEST_CASE(released_blocks_go_to_other_buckets, SmallTable) {
    UserId other = bob;  // one in the other bucket
    const auto is_in_another_bucket = [&](UserId user) {
        Table probe{2, 0};
        for (std::size_t i = 0; i < kOfBlock; ++i)
            probe.show(SessionId::make({}, random), ann, {}, now);
        return probe.show(phone, user, {}, now);
    };
    while (!is_in_another_bucket(other))
        other = UserId::make({}, random);
    fill(ann, 3 * kOfBlock);
    BOOST_TEST(fill(other, kOfBlock + 1) == kOfBlock);
    small.release_blocks(now);
    BOOST_TEST(fill(other, 1) == 0U);  // all are in use
    now += kLease;
    write();
    small.release_blocks(now);
    BOOST_TEST(fill(other, 3 * kOfBlock) == 3 * kOfBlock);
    BOOST_TEST(fill(ann, kOfBlock + 1) == kOfBlock);
}

BOOST_FIXTURE_TEST_CASE(invisible_device_keeps_its_place_for_a_day, SmallTable) {
    fill(ann, 2 * kOfBlock, Status::invisible);
    write();
    now += kLease;
    write();
    const auto first = sessions.front();
    const auto last = sessions.back();
    small.release_blocks(now + Table::kInvisibleKept - kLease - 1ms);
    small.show(last, ann, {}, now);
    BOOST_CHECK(small.status_of(ann, now) == Status::invisible);
    now += Table::kInvisibleKept;
    write();
    small.release_blocks(now);
    small.show(first, ann, {}, now);  // never released: it is in the bucket itself
    BOOST_CHECK(small.status_of(ann, now) == Status::invisible);
    small.remove(first, ann, now);
    small.show(last, ann, {}, now);
    BOOST_CHECK(small.status_of(ann, now) == Status::online);
}

BOOST_FIXTURE_TEST_CASE(a_node_that_comes_back_takes_its_rows_over, TableFixture) {
    BOOST_TEST(!table.is_restored());
    table.show(laptop, ann, Status::busy, now);  // before the keeper came to it
    table.restore(phone, ann, Status::away, now - 50s);
    table.restore(laptop, ann, Status::online, now - 50s);
    table.mark_restored();
    BOOST_TEST(table.is_restored());
    const auto found = written();
    BOOST_REQUIRE(found.size() == 1U);
    BOOST_CHECK(found[0].session == laptop);
    BOOST_CHECK(found[0].now == Status::busy);
    now += 10s;  // who does not show itself within the lease is gone
    BOOST_CHECK(written().at(0).session == phone);
    table.forget_written();
    BOOST_TEST(changes().size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
