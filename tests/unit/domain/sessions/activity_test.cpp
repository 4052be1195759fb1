#include "sessions/activity.h"

#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <csignal>

#include "base/random.h"
#include "base/timestamps.h"

using namespace csauth;
using namespace std::chrono_literals;

namespace {

const TimePoint kNow = *parse_sql_datetime("2026-11-23 08:00:00");

struct Fixture {
    SystemRandom random;
    sessions::Activity activity{4};
    SessionId session = SessionId::make(kNow, random);

    void write_all() {
        const auto seen = activity.unwritten(1000);
        activity.mark_written(seen);
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(activity)

BOOST_FIXTURE_TEST_CASE(what_was_noted_is_found, Fixture) {
    BOOST_TEST(!activity.find(session).has_value());
    BOOST_TEST(activity.note({session, 3, kNow}));
    BOOST_TEST(activity.note({session, 2, kNow + 1s}));  // the counter never falls
    BOOST_TEST(activity.note({session, 2, kNow - 1s}));  // nor does the time
    BOOST_TEST(activity.find(session)->counter == 3U);
    BOOST_CHECK(activity.find(session)->at == kNow + 1s);
    BOOST_TEST(!activity.find(SessionId::make(kNow, random)).has_value());
}

BOOST_FIXTURE_TEST_CASE(a_new_counter_is_to_be_written_at_once_and_a_time_when_it_is_worth_it, Fixture) {
    activity.note({session, 0, kNow});
    BOOST_TEST(activity.unwritten(10).size() == 1U);
    write_all();
    BOOST_TEST(activity.unwritten(10).empty());
    activity.note({session, 0, kNow + 10s - 1us});
    BOOST_TEST(activity.unwritten(10).empty());
    activity.note({session, 0, kNow + 10s});
    BOOST_TEST(activity.unwritten(10).size() == 1U);
    write_all();
    activity.note({session, 1, kNow + 10s});
    BOOST_TEST(activity.unwritten(10).size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(what_comes_while_it_is_written_is_written_later, Fixture) {
    activity.note({session, 1, kNow});
    const auto taken = activity.unwritten(10);
    activity.note({session, 2, kNow});
    activity.mark_written(taken);
    BOOST_REQUIRE(activity.unwritten(10).size() == 1U);
    BOOST_TEST(activity.unwritten(10)[0].counter == 2U);
}

BOOST_FIXTURE_TEST_CASE(a_full_table_takes_no_more_until_something_is_written, Fixture) {
    std::size_t taken = 0;
    for (int i = 0; i < 1000; ++i)
        taken += activity.note({SessionId::make(kNow, random), 1, kNow}) ? 1 : 0;
    BOOST_TEST(taken == 32U);
    BOOST_TEST(activity.unwritten(10).size() == 10U);
    const auto all = activity.unwritten(100);
    BOOST_TEST(all.size() == 32U);
    BOOST_TEST(std::is_sorted(all.begin(), all.end(),
                              [](const auto& a, const auto& b) { return a.session < b.session; }));
    activity.mark_written(all);
    BOOST_TEST(activity.note({session, 1, kNow}));
    BOOST_TEST(activity.find(session).has_value());
}

BOOST_FIXTURE_TEST_CASE(a_child_that_is_killed_in_the_middle_holds_nobody_up, Fixture) {
    for (int i = 0; i < 20; ++i) {
        const pid_t pid = ::fork();
        if (pid == 0)
            for (std::uint32_t counter = 0;; ++counter)
                (void)activity.note({session, counter, kNow});
        while (!activity.find(session))
            ;
        ::kill(pid, SIGKILL);
        int status = 0;
        ::waitpid(pid, &status, 0);
        BOOST_REQUIRE(activity.note({session, 1, kNow}));
    }
    BOOST_TEST(activity.find(session)->counter >= 1U);
}

BOOST_AUTO_TEST_SUITE_END()
