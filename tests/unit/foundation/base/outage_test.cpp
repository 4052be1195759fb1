#include "base/outage.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "data.h"
#include "fakes/clock.h"
#include "outages.h"

using namespace csauth;
using namespace std::chrono_literals;

namespace {

struct Fixture {
    fakes::Clock clock;
    tests::TemporaryDirectory directory;
    std::string path = (directory.path() / "log").string();
    Log log{path, LogLevel::info};
    Outage outage{{.begun = "database_away", .ended = "database_back", .settled = 3s}};

    std::string lines() { return tests::content(path); }
    std::size_t count(std::string_view text) {
        std::size_t found = 0;
        const std::string all = lines();
        for (auto at = all.find(text); at != std::string::npos; at = all.find(text, at + 1))
            ++found;
        return found;
    }
    void fail(std::string_view reason = "no such socket") { outage.failed(log, clock.uptime(), reason); }
    void succeed() { outage.succeeded(log, clock.uptime()); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(outage)

BOOST_FIXTURE_TEST_CASE(success_without_failure_writes_nothing, Fixture) {
    succeed();
    BOOST_TEST(lines().empty());
}

BOOST_FIXTURE_TEST_CASE(failures_write_one_line_and_one_a_minute, Fixture) {
    for (int i = 0; i < 600; ++i, clock.advance(100ms))  // the last one 59.9 s after the first
        fail();
    BOOST_TEST(count("database_away") == 1U);
    fail();
    BOOST_TEST(count("database_away") == 2U);
    BOOST_TEST(lines().find(R"("what":"no such socket","seconds":0.000,"failures":1})") != std::string::npos);
    BOOST_TEST(lines().find(R"("what":"no such socket","seconds":60.000,"failures":601})") !=
               std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(success_ends_an_outage_with_its_length, Fixture) {
    fail();
    clock.advance(25s);
    fail();
    clock.advance(3s);
    succeed();
    succeed();
    BOOST_TEST(count("database_back") == 1U);
    BOOST_TEST(lines().find(R"("event":"database_back","seconds":25.000,"failures":2})") !=
               std::string::npos);
    fail();
    BOOST_TEST(count("database_away") == 2U);
    BOOST_TEST(lines().find(R"("seconds":0.000,"failures":1})", lines().find("database_back")) !=
               std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(success_beside_a_recent_failure_ends_nothing, Fixture) {
    // The keeper's account fails once a second while the follower's succeeds four times.
    for (int i = 0; i < 59; ++i) {
        fail();
        for (int look = 0; look < 4; ++look, clock.advance(250ms))
            succeed();
    }
    BOOST_TEST(count("database_") == 1U);
    clock.advance(1999ms);  // 2.999 s after the last failure
    succeed();
    BOOST_TEST(count("database_back") == 0U);
    clock.advance(1ms);
    succeed();
    BOOST_TEST(count("database_back") == 1U);
}

BOOST_FIXTURE_TEST_CASE(new_reason_is_written_only_where_it_matters, Fixture) {
    fail("as csauth");
    fail("as csauth_keeper");
    BOOST_TEST(count("database_away") == 1U);
    Outage relay{{.begun = "relay_away", .ended = "relay_back", .reasons_matter = true}};
    for (const char* reason : {"refused", "refused", "expired certificate", "expired certificate"})
        relay.failed(log, clock.uptime(), reason);
    BOOST_TEST(count("relay_away") == 2U);
    relay.succeeded(log, clock.uptime());
    BOOST_TEST(count("relay_back") == 1U);
}

BOOST_FIXTURE_TEST_CASE(processes_write_one_line_together, Fixture) {
    constexpr int kProcesses = 8;
    Outages shared;
    for (int i = 0; i < kProcesses; ++i)
        if (::fork() == 0) {
            for (int turn = 0; turn < 100; ++turn)
                shared.database().failed(log, clock.uptime(), "no such socket");
            ::_exit(0);
        }
    for (int i = 0; i < kProcesses; ++i) {
        int status = -1;
        BOOST_REQUIRE(::wait(&status) > 0);
        BOOST_TEST(status == 0);
    }
    BOOST_TEST(count("database_away") == 1U);
    clock.advance(10s - 1ms);
    shared.database().succeeded(log, clock.uptime());
    BOOST_TEST(count("database_back") == 0U);
    clock.advance(1ms);
    shared.database().succeeded(log, clock.uptime());
    BOOST_TEST(lines().find(R"("failures":800})") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
