#include <boost/test/unit_test.hpp>
#include <set>

#include "base/ids.h"
#include "base/log.h"
#include "base/result.h"
#include "base/secret.h"
#include "base/timestamps.h"
#include "data.h"
#include "fakes/random.h"

using namespace csauth;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(timestamps)

BOOST_AUTO_TEST_CASE(times_are_written_in_every_form) {
    const auto time = parse_sql_datetime("2026-11-03 07:05:09.000120");
    BOOST_REQUIRE(time);
    BOOST_TEST(rfc3339(*time) == "2026-11-03T07:05:09.000120Z");
    BOOST_TEST(rfc5322_date(*time) == "Tue, 03 Nov 2026 07:05:09 +0000");
    BOOST_TEST(sql_datetime(*time) == "2026-11-03 07:05:09.000120");
    BOOST_TEST(rfc3339(TimePoint{}) == "1970-01-01T00:00:00.000000Z");
    BOOST_TEST(rfc3339(TimePoint{} - 1us) == "1969-12-31T23:59:59.999999Z");
    BOOST_TEST(sql_datetime(*parse_sql_datetime("0001-01-01 00:00:00")) == "0001-01-01 00:00:00.000000");
    BOOST_TEST(sql_datetime(*parse_sql_datetime("9999-12-31 23:59:59.999999")) ==
               "9999-12-31 23:59:59.999999");
    BOOST_TEST(unix_seconds(from_unix_seconds(4102444800) - 1us) == 4102444799);
}

BOOST_AUTO_TEST_CASE(a_database_time_is_read_with_and_without_a_fraction) {
    BOOST_CHECK(*parse_sql_datetime("2026-02-28 23:59:59") + 1s ==
                *parse_sql_datetime("2026-03-01 00:00:00"));
    BOOST_CHECK(*parse_sql_datetime("2026-02-28 00:00:00.5") ==
                *parse_sql_datetime("2026-02-28 00:00:00.500000"));
    for (const char* bad : {"", "2026-02-30 00:00:00", "2026-02-28T00:00", "2026-02-28 00:00:00.",
                            "2026-02-28 -1:00:00", "0000-00-00 00:00:00", "2026-02-28 00:00:00.1234567"})
        BOOST_TEST(!parse_sql_datetime(bad).has_value(), bad);
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE(ids)

BOOST_AUTO_TEST_CASE(ids_sort_by_the_time_of_their_making) {
    fakes::Random random;
    const auto time = *parse_sql_datetime("2026-11-23 08:00:00");
    const auto first = UserId::make(time, random);
    const auto second = UserId::make(time + 1ms, random);
    BOOST_TEST((first < second));
    BOOST_TEST(first.text()[14] == '7');  // the version
    BOOST_CHECK(UserId::parse(first.text()) == first);
}

BOOST_AUTO_TEST_CASE(only_the_lower_case_form_of_a_uuid_is_read) {
    const std::string good = "01a2077f-f7e3-770e-82c5-3b481186709f";
    BOOST_TEST(Uuid::parse(good)->text() == good);
    for (const char* bad : {"", "01A2077F-f7e3-770e-82c5-3b481186709f", "01a2077ff7e3770e82c53b481186709f",
                            "01a2077f-f7e3-770e-82c5-3b481186709", "01a2077f-f7e3-770e-82c5-3b481186709fa",
                            "01a2077f+f7e3-770e-82c5-3b481186709f", "g1a2077f-f7e3-770e-82c5-3b481186709f"})
        BOOST_TEST(!Uuid::parse(bad).has_value(), bad);
}

BOOST_AUTO_TEST_CASE(random_numbers_stay_below_their_bound_and_reach_all_of_it) {
    SystemRandom random;
    std::set<std::uint32_t> seen;
    for (int i = 0; i < 1000; ++i)
        seen.insert(random.below(7));
    BOOST_TEST(seen.size() == 7U);
    BOOST_TEST(*seen.rbegin() == 6U);
    BOOST_TEST((random.bytes<32>() != random.bytes<32>()));
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE(secret)

BOOST_AUTO_TEST_CASE(a_secret_moves_and_leaves_nothing_behind) {
    Secret first{std::string_view{"hunter2"}};
    Secret second{std::move(first)};
    BOOST_TEST(first.empty());  // NOLINT(bugprone-use-after-move): that is the point
    BOOST_TEST(second.reveal() == "hunter2");
    second = Secret{};
    BOOST_TEST(second.empty());
    static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE(log_lines)

BOOST_AUTO_TEST_CASE(a_line_is_one_json_object_whatever_the_values_hold) {
    const tests::TemporaryDirectory directory;
    const auto path = (directory.path() / "log").string();
    Log log{path, LogLevel::info};
    log.info("evil\n",
             {{"text", "a\n{\"level\":\"forged\"}\r\x1b[2J"}, {"number", 42}, {"flag", true}, {"ms", 1.5}});
    log.debug("not written");
    const auto text = tests::content(path);
    BOOST_TEST(std::count(text.begin(), text.end(), '\n') == 1);
    BOOST_TEST(text.find("\x1b") == std::string::npos);
    BOOST_TEST(
        text.find(
            R"("event":"evil\n","text":"a\n{\"level\":\"forged\"}\u000d\u001b[2J","number":42,"flag":true,"ms":1.500})") !=
        std::string::npos);
}

BOOST_AUTO_TEST_CASE(gathered_lines_go_out_together_and_in_their_order) {
    const tests::TemporaryDirectory directory;
    const auto path = (directory.path() / "log").string();
    Log log{path, LogLevel::info};
    const auto lines = [&] {
        const auto text = tests::content(path);
        BOOST_TEST((text.empty() || text.ends_with("}\n")));  // never a part of one
        return std::count(text.begin(), text.end(), '\n');
    };
    log.gather();
    log.info("first");
    log.info("second");
    BOOST_TEST(lines() == 0);
    log.flush();
    BOOST_TEST(lines() == 2);
    log.info("third");
    log.warning("fourth");  // takes along what waits
    BOOST_TEST(lines() == 4);
    const auto text = tests::content(path);
    BOOST_TEST(text.find("third") < text.find("fourth"));

    // No more waits than one write may hold, and a line that is longer goes out alone.
    for (int i = 0; i < 10; ++i)
        log.info("long", {{"text", std::string(1000, 'x')}});
    BOOST_TEST(lines() >= 4 + 6);
    log.info("longest", {{"text", std::string(5000, 'x')}});
    BOOST_TEST(lines() == 4 + 10 + 1);
    log.info("last");
    std::filesystem::rename(path, path + ".1");
    log.reopen();
    BOOST_TEST(tests::content(path + ".1").find("last") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_log_that_was_moved_away_is_opened_anew) {
    const tests::TemporaryDirectory directory;
    const auto path = (directory.path() / "log").string();
    Log log{path, LogLevel::info};
    log.info("before");
    std::filesystem::rename(path, path + ".1");
    log.reopen();
    log.info("after");
    BOOST_TEST(tests::content(path + ".1").find("before") != std::string::npos);
    BOOST_TEST(tests::content(path).find("after") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
