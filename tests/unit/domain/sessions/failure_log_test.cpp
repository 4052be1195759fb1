#include "sessions/failure_log.h"

#include <boost/test/unit_test.hpp>

#include "fakes/world.h"

BOOST_AUTO_TEST_SUITE(failure_log)

using namespace csauth;
using namespace std::chrono_literals;

BOOST_FIXTURE_TEST_CASE(a_flood_is_counted_not_copied, fakes::World) {
    const auto most = limits::rate_of(limits::Limit::failures_of_account_in_log).free;
    for (unsigned i = 0; i < most; ++i)
        failures.sign_in_failed(std::nullopt, "ann@example.com", "credentials", origin);
    BOOST_TEST(audit.acts.size() == most);
    BOOST_TEST(unwritten.take() == 0U);
    for (int i = 0; i < 100; ++i)
        failures.sign_in_failed(std::nullopt, "ann@example.com", "credentials", origin);
    BOOST_TEST(audit.acts.size() == most);
    BOOST_TEST(unwritten.take() == 100U);
    // Failures of other accounts are still written, until there are too many in all.
    const auto all = limits::rate_of(limits::Limit::failures_in_log).free;
    for (unsigned i = 0; i < all; ++i)
        failures.sign_in_failed(std::nullopt, "user" + std::to_string(i), "credentials", origin);
    BOOST_TEST(audit.acts.size() >= all * 9 / 10);  // some share counters
    BOOST_TEST(audit.acts.size() <= all);
    const auto count = unwritten.take();
    BOOST_TEST(count + audit.acts.size() == most + all);
    unwritten.give_back(count);
    BOOST_TEST(unwritten.take() == count);
}

BOOST_FIXTURE_TEST_CASE(waiting_is_written_once_in_a_while, fakes::World) {
    for (int i = 0; i < 10; ++i)
        failures.throttled(std::nullopt, "ann", origin);
    BOOST_TEST(audit.count(audit::Action::login_throttled) == 1);
    clock.advance(16min);
    failures.throttled(std::nullopt, "ann", origin);
    BOOST_TEST(audit.count(audit::Action::login_throttled) == 2);
    BOOST_CHECK(audit.acts.back().outcome == audit::Outcome::failure);
}

BOOST_FIXTURE_TEST_CASE(guesses_at_an_account_and_at_none_leave_the_same_rows, fakes::World) {
    ann();
    audit.acts.clear();
    for (const auto* email : {"ann@example.com", "nobody@example.com"}) {
        for (int i = 0; i < 10; ++i)
            (void)sign_in(email, "wrong password");
        BOOST_TEST(audit.count(audit::Action::login_failed) == 5, email);
        BOOST_TEST(audit.count(audit::Action::login_throttled) == 1, email);
        audit.acts.clear();
    }
}

BOOST_AUTO_TEST_SUITE_END()
