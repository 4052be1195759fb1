#include <boost/test/unit_test.hpp>

#include "store/outbox_fixture.h"

using namespace csauth;
using namespace std::chrono_literals;
using tests::kNow;
using tests::OutboxFixture;

BOOST_AUTO_TEST_SUITE(housekeeping)

BOOST_FIXTURE_TEST_CASE(of_several_nodes_one_has_the_lease, OutboxFixture) {
    store::Housekeeping rival{database, random};
    BOOST_TEST(housekeeping.take_lease(kNow, kNow + 60s));
    BOOST_TEST(!rival.take_lease(kNow + 1s, kNow + 61s));
    BOOST_TEST(housekeeping.take_lease(kNow + 1s, kNow + 61s));
    BOOST_TEST(!rival.take_lease(kNow + 60s, kNow + 120s));
    BOOST_TEST(rival.take_lease(kNow + 61s, kNow + 121s));
    BOOST_TEST(!housekeeping.take_lease(kNow + 62s, kNow + 122s));
}

BOOST_FIXTURE_TEST_CASE(only_what_has_served_its_time_goes, OutboxFixture) {
    add("ann@example.com");
    outbox.sent(lease()[0].id, kNow);
    mail_requests.add(outbox::RequestKind::verify_email, "ann@example.com", kNow, "");
    mail_requests.close(mail_requests.open(1)[0].id, kNow);
    add("bob@example.com");
    BOOST_TEST(housekeeping.sweep({}, kNow + 24h) == 0U);
    BOOST_TEST(housekeeping.sweep({}, kNow + 24h * 3) ==
               2U);  // the request, and a mail that is of no use now
    BOOST_TEST(housekeeping.sweep({}, kNow + 24h * 31) == 1U);  // the mail that was sent
    BOOST_TEST(count("recipient = 'bob@example.com' AND state = 'failed' AND secret IS NULL") == 1);
}

BOOST_FIXTURE_TEST_CASE(the_traces_of_who_has_gone_lose_what_is_personal, OutboxFixture) {
    const auto gone = UserId::make(kNow, random);
    const auto here = UserId::make(kNow + 1us, random);
    for (const auto user : {gone, here})
        for (int i = 0; i < 3; ++i)
            audit.record({.action = audit::Action::login_failed, .subject = user, .detail = "credentials"},
                         {.ip = "192.0.2.1", .user_agent = "agent", .request_id = "r"}, kNow);
    audit.request_erasure(gone, kNow);
    audit.request_erasure(gone, kNow);
    while (housekeeping.sweep({}, kNow) > 0)
        ;
    BOOST_TEST(audit.about(gone, std::nullopt, 10).size() == 3U);
    for (const auto& entry : audit.about(gone, std::nullopt, 10)) {
        BOOST_TEST(entry.ip.empty());
        BOOST_TEST(entry.detail.empty());
        BOOST_TEST(entry.action == "authn_login_fail");
    }
    BOOST_TEST(audit.about(here, std::nullopt, 2).size() == 2U);
    BOOST_TEST(audit.about(here, std::nullopt, 1)[0].ip == "192.0.2.1");
}

BOOST_AUTO_TEST_SUITE_END()
