#include "base/log.h"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>

#include "base/secret.h"
#include "data.h"
#include "fakes/random.h"

using namespace std::chrono_literals;

namespace csauth::tests {  // the global namespace has a function log()

BOOST_AUTO_TEST_SUITE(log)

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

BOOST_AUTO_TEST_CASE(file_has_no_journal_prefix_after_a_reload) {
    const tests::TemporaryDirectory directory;
    const auto path = (directory.path() / "log").string();
    ::setenv("JOURNAL_STREAM", "8:1", 1);
    Log log{"", LogLevel::error};
    log.configure(path, LogLevel::info);
    ::unsetenv("JOURNAL_STREAM");
    log.info("reloaded");
    BOOST_TEST(tests::content(path).starts_with("{"));
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

}  // namespace csauth::tests
