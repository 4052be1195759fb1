#include "outbox/delivery_policy.h"

#include <boost/test/unit_test.hpp>
#include <chrono>

using namespace csauth;
using namespace std::chrono_literals;
using mail::FailureKind;
using outbox::NextStep;

namespace {

const TimePoint kNow{std::chrono::hours{24}};

outbox::QueuedLetter queued(unsigned attempts = 0, unsigned begun = 0) {
    return {.id = {}, .letter = {}, .attempts = attempts, .begun = begun, .give_up_at = kNow + 1h};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(delivery_policy)

BOOST_AUTO_TEST_CASE(mail_is_given_up_when_its_time_has_come) {
    const auto mail = queued();
    BOOST_TEST(!outbox::reason_to_give_up(mail, kNow).has_value());
    BOOST_TEST(!outbox::reason_to_give_up(mail, mail.give_up_at - 1ms).has_value());
    BOOST_TEST(outbox::reason_to_give_up(mail, mail.give_up_at).has_value());
}

BOOST_AUTO_TEST_CASE(mail_that_kills_the_mailer_is_set_aside) {
    BOOST_TEST(!outbox::reason_to_give_up(queued(0, outbox::kMostDeaths - 1), kNow).has_value());
    BOOST_TEST(outbox::reason_to_give_up(queued(0, outbox::kMostDeaths), kNow).has_value());
    // Tries that ended are no deaths.
    BOOST_TEST(!outbox::reason_to_give_up(queued(1, outbox::kMostDeaths), kNow).has_value());
    BOOST_TEST(!outbox::reason_to_give_up(queued(20, 20), kNow).has_value());
}

BOOST_AUTO_TEST_CASE(unreadable_mail_is_tried_a_few_times) {
    BOOST_CHECK(outbox::after_unreadable(queued(0)) == NextStep::postpone);
    BOOST_CHECK(outbox::after_unreadable(queued(outbox::kMostUnreadable - 2)) == NextStep::postpone);
    BOOST_CHECK(outbox::after_unreadable(queued(outbox::kMostUnreadable - 1)) == NextStep::give_up);
}

BOOST_AUTO_TEST_CASE(failure_decides_what_becomes_of_the_mail) {
    BOOST_CHECK(outbox::after_failure(FailureKind::refused) == NextStep::give_up);
    BOOST_CHECK(outbox::after_failure(FailureKind::deferred) == NextStep::postpone);
    BOOST_CHECK(outbox::after_failure(FailureKind::interrupted) == NextStep::postpone);
    BOOST_CHECK(outbox::after_failure(FailureKind::unreachable) == NextStep::release);
    BOOST_CHECK(outbox::after_failure(FailureKind::misconfigured) == NextStep::release);
}

BOOST_AUTO_TEST_CASE(relay_failures_are_told_from_those_of_a_mail) {
    BOOST_TEST(outbox::is_failure_of_relay(FailureKind::unreachable));
    BOOST_TEST(outbox::is_failure_of_relay(FailureKind::misconfigured));
    BOOST_TEST(!outbox::is_failure_of_relay(FailureKind::refused));
    BOOST_TEST(!outbox::is_failure_of_relay(FailureKind::deferred));
    BOOST_TEST(!outbox::is_failure_of_relay(FailureKind::interrupted));
}

BOOST_AUTO_TEST_CASE(relay_pause_doubles_up_to_its_limit) {
    outbox::RelayPause pause;
    BOOST_TEST(!pause.holds(0ms));
    std::chrono::milliseconds now = 10s;
    for (const auto expected : {1s, 2s, 4s, 8s, 16s, 30s, 30s}) {
        pause.failed(now);
        BOOST_TEST(pause.holds(now + expected - 1ms));
        BOOST_TEST(!pause.holds(now + expected));
        now += expected;
    }
}

BOOST_AUTO_TEST_CASE(relay_pause_is_short_after_a_success) {
    outbox::RelayPause pause;
    pause.failed(0s);
    pause.failed(1s);
    pause.succeeded();
    pause.failed(10s);
    BOOST_TEST(pause.holds(11s - 1ms));
    BOOST_TEST(!pause.holds(11s));
}

BOOST_AUTO_TEST_SUITE_END()
