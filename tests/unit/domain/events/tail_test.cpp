#include "events/tail.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <map>

#include "base/unavailable.h"
#include "fakes/clock.h"

BOOST_AUTO_TEST_SUITE(tail)

using namespace csauth;
using namespace std::chrono_literals;
using events::EventId;
using events::Row;

namespace {

/// Rows with the moment of their writing; those that are not committed are not seen.
class FakeRows final : public events::Rows {
public:
    explicit FakeRows(const Clock& clock) : clock_{clock} {}

    struct Written {
        Row row;
        std::chrono::milliseconds at;
        bool is_committed = true;
    };
    std::map<EventId, Written> rows;

    void write(EventId id, bool is_committed = true) {
        rows[id] = {Row{.id = id, .at = TimePoint{clock_.uptime()}}, clock_.uptime(), is_committed};
    }
    bool is_away = false;

    std::vector<Row> after(EventId id, std::size_t most) override {
        if (is_away) throw Unavailable{"away"};
        std::vector<Row> found;
        for (const auto& [number, written] : rows)
            if (number > id && written.is_committed && found.size() < most) found.push_back(written.row);
        return found;
    }
    std::vector<EventId> ids(EventId after, EventId to) override {
        std::vector<EventId> found;
        for (const auto& [number, written] : rows)
            if (number > after && number <= to && written.is_committed) found.push_back(number);
        return found;
    }
    std::vector<Row> named(std::span<const EventId> ids) override {
        if (is_away) throw Unavailable{"away"};
        std::vector<Row> found;
        for (const auto id : ids)
            found.push_back(rows.at(id).row);
        return found;
    }
    EventId oldest() override { return rows.empty() ? 0 : rows.begin()->first; }
    EventId newest() override { return rows.empty() ? 0 : rows.rbegin()->first; }
    EventId some_time_before(std::optional<EventId> id, std::chrono::seconds time) override {
        const auto from = id ? rows.lower_bound(*id) : rows.end();
        const auto moment = (from == rows.end() ? clock_.uptime() : from->second.at) - time;
        EventId found = 0;
        for (const auto& [number, written] : rows)
            if (written.at < moment) found = std::max(found, number);
        return found;
    }

private:
    const Clock& clock_;
};

bool everything(const Row&) { return true; }

struct Fixture {
    fakes::Clock clock;
    FakeRows rows{clock};
    events::Tail tail{rows, 10s, clock};

    std::vector<EventId> seen(bool thorough = true) {
        std::vector<EventId> ids;
        for (const auto& row : tail.look(thorough))
            ids.push_back(row.id);
        tail.taken();
        return ids;
    }
    std::vector<EventId> missed(EventId last, std::size_t most = 100) {
        std::vector<EventId> ids;
        const auto rows_missed = tail.missed_since(last, most, everything);
        BOOST_REQUIRE(rows_missed.has_value());
        for (const auto& row : *rows_missed)
            ids.push_back(row.id);
        return ids;
    }
};
using Ids = std::vector<EventId>;

}  // namespace

BOOST_FIXTURE_TEST_CASE(each_event_is_given_once_and_none_from_before, Fixture) {
    rows.write(1);
    BOOST_TEST(seen().empty());
    BOOST_TEST(tail.position() == 1U);
    rows.write(2);
    rows.write(3);
    BOOST_TEST(seen(false) == (Ids{2, 3}));
    BOOST_TEST(seen().empty());
    clock.advance(1min);
    rows.write(4);
    BOOST_TEST(seen(false) == Ids{4});
    BOOST_TEST(tail.position() == 4U);
}

BOOST_FIXTURE_TEST_CASE(what_commits_behind_later_ones_is_given_too, Fixture) {
    BOOST_TEST(seen().empty());
    rows.write(1, false);
    rows.write(2);
    BOOST_TEST(seen() == Ids{2});
    rows.rows.at(1).is_committed = true;
    BOOST_TEST(seen(false).empty());  // that is for a thorough look
    BOOST_TEST(seen() == Ids{1});
    BOOST_TEST(seen().empty());
}

BOOST_FIXTURE_TEST_CASE(what_was_not_committed_at_the_first_look_is_given_too, Fixture) {
    rows.write(1, false);
    rows.write(2);
    BOOST_TEST(seen().empty());
    rows.rows.at(1).is_committed = true;
    BOOST_TEST(seen() == Ids{1});
}

BOOST_FIXTURE_TEST_CASE(a_number_that_is_never_used_keeps_nothing_back, Fixture) {
    BOOST_TEST(seen().empty());
    rows.write(3);  // as where the database gives every third
    BOOST_TEST(seen() == Ids{3});
    clock.advance(10s);
    rows.write(6);
    BOOST_TEST(seen() == Ids{6});
    rows.write(1);  // nobody takes as long as that
    BOOST_TEST(seen().empty());
}

BOOST_FIXTURE_TEST_CASE(many_at_once_are_all_given, Fixture) {
    BOOST_TEST(seen().empty());
    for (EventId id = 1; id <= 2500; ++id)
        rows.write(id);
    BOOST_TEST(seen(false).size() == 2500U);
}

BOOST_FIXTURE_TEST_CASE(what_was_not_taken_is_given_again, Fixture) {
    BOOST_TEST(seen().empty());
    rows.write(1);
    BOOST_TEST(tail.look(false).size() == 1U);  // and then the reader has failed
    BOOST_TEST(tail.position() == 0U);
    rows.write(2);
    rows.is_away = true;
    BOOST_CHECK_THROW(tail.look(true), Unavailable);
    rows.is_away = false;
    BOOST_TEST(seen() == (Ids{1, 2}));
    BOOST_TEST(tail.position() == 2U);
}

BOOST_FIXTURE_TEST_CASE(who_comes_back_soon_is_answered_from_memory, Fixture) {
    for (EventId id = 1; id <= 9; ++id) {
        rows.write(id);
        clock.advance(6s);
    }
    (void)seen();
    rows.write(10);
    BOOST_TEST(seen() == Ids{10});
    rows.is_away = true;
    BOOST_TEST(missed(9) == (Ids{8, 9, 10}));
    BOOST_TEST(missed(10) == (Ids{9, 10}));
    const auto some = tail.missed_since(9, 1, [](const Row& row) { return row.id == 9; });
    BOOST_TEST((some && some->size() == 1U));  // the others do not count
    BOOST_TEST(!tail.missed_since(9, 2, everything).has_value());
}

BOOST_FIXTURE_TEST_CASE(what_is_too_long_ago_is_not_in_memory, Fixture) {
    for (EventId id = 1; id <= 9; ++id) {
        rows.write(id);
        clock.advance(6s);
    }
    rows.rows.erase(1);
    (void)seen();
    rows.is_away = true;
    BOOST_CHECK_THROW((void)tail.missed_since(4, 100, everything), Unavailable);
    BOOST_TEST(missed(9) == (Ids{8, 9}));
}

BOOST_FIXTURE_TEST_CASE(memory_that_begins_with_the_first_event_goes_far_enough_back, Fixture) {
    for (EventId id = 3; id <= 5; ++id)
        rows.write(id);
    (void)seen();
    rows.is_away = true;
    BOOST_TEST(missed(2) == (Ids{3, 4, 5}));
    BOOST_TEST(!tail.missed_since(1, 100, everything).has_value());  // 2 may have been theirs
}

BOOST_FIXTURE_TEST_CASE(who_comes_back_gets_what_was_missed_and_perhaps_more, Fixture) {
    for (EventId id = 1; id <= 6; ++id) {
        rows.write(id);
        clock.advance(6s);
    }
    (void)seen();
    BOOST_TEST(missed(4) == (Ids{3, 4, 5, 6}));  // 3 may have been committed after 4
    BOOST_TEST(missed(6) == (Ids{5, 6}));
    BOOST_TEST(missed(0).size() == 6U);
    BOOST_TEST(!tail.missed_since(7, 100, everything).has_value());  // of another database
    BOOST_TEST(!tail.missed_since(0, 5, everything).has_value());    // more than anybody wants
    rows.rows.erase(1);
    rows.rows.erase(2);
    BOOST_TEST(!tail.missed_since(1, 100, everything).has_value());  // 2 may have been theirs
    BOOST_TEST(missed(2).size() == 4U);
}

BOOST_AUTO_TEST_SUITE_END()
