#include <boost/test/unit_test.hpp>

#include "store_database.h"

using namespace csauth;
using namespace std::chrono_literals;

namespace {

const TimePoint kNow = *parse_sql_datetime("2026-11-23 08:00:00.123456");

struct Fixture : tests::StoreDatabase {
    void add(const std::string& recipient, TimePoint at = kNow) {
        outbox.add({.which = outbox::Template::verify_email,
                    .language = "de",
                    .recipient = recipient,
                    .parameters = {{"username", "Ann \"\xc3\xa4\""}},
                    .secret = Secret{std::string_view{"the-token"}},
                    .give_up_at = at + 24h},
                   at);
    }
    std::vector<outbox::QueuedLetter> lease(TimePoint now = kNow) {
        return outbox.lease_due(10, now, now + 60s);
    }
    std::int64_t count(const std::string& where) {
        return *database.find_one([](db::Row& row) { return row.integer("n"); },
                                  "SELECT COUNT(*) AS n FROM outbox WHERE " + where);
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(outbox_store)

BOOST_FIXTURE_TEST_CASE(a_letter_comes_back_as_it_was_written_and_its_secret_is_sealed, Fixture) {
    add("ann@example.com");
    BOOST_TEST(count("INSTR(secret, 'the-token') > 0 OR INSTR(parameters, 'the-token') > 0") == 0);
    const auto due = lease();
    BOOST_REQUIRE(due.size() == 1);
    BOOST_REQUIRE(due[0].letter);
    const auto& letter = *due[0].letter;
    BOOST_CHECK(letter.which == outbox::Template::verify_email);
    BOOST_TEST(letter.language == "de");
    BOOST_TEST(letter.recipient == "ann@example.com");
    BOOST_TEST(letter.parameters.at("username") == "Ann \"\xc3\xa4\"");
    BOOST_TEST(letter.secret.reveal() == "the-token");
    BOOST_CHECK(letter.give_up_at == kNow + 24h);
    BOOST_TEST(due[0].attempts == 0U);
}

BOOST_FIXTURE_TEST_CASE(a_leased_mail_is_nobody_elses_until_the_lease_lapses, Fixture) {
    add("ann@example.com");
    store::Outbox rival{database, seal_keys, random};
    const auto mine = lease();
    BOOST_REQUIRE(mine.size() == 1);
    BOOST_TEST(rival.lease_due(10, kNow + 60s, kNow + 120s).empty());
    BOOST_TEST(outbox.renew(mine[0].id, kNow + 120s));
    BOOST_TEST(rival.lease_due(10, kNow + 61s, kNow + 180s).empty());
    const auto theirs = rival.lease_due(10, kNow + 121s, kNow + 181s);
    BOOST_REQUIRE(theirs.size() == 1);
    BOOST_TEST(!outbox.renew(mine[0].id, kNow + 240s));
    outbox.sent(mine[0].id, kNow);  // too late: it is theirs
    BOOST_TEST(count("state = 'sent'") == 0);
    rival.sent(theirs[0].id, kNow);
    BOOST_TEST(count("state = 'sent' AND secret IS NULL AND attempts = 1") == 1);
    BOOST_TEST(rival.lease_due(10, kNow + 1h, kNow + 2h).empty());
}

BOOST_FIXTURE_TEST_CASE(a_mail_that_must_wait_comes_back_when_its_time_has_come, Fixture) {
    add("ann@example.com");
    outbox.retry(lease()[0].id, kNow + 60s, "451 later");
    BOOST_TEST(lease(kNow + 59s).empty());
    const auto again = lease(kNow + 60s);
    BOOST_REQUIRE(again.size() == 1);
    BOOST_TEST(again[0].attempts == 1U);
    BOOST_TEST(again[0].letter->secret.reveal() == "the-token");
    outbox.failed(again[0].id, kNow + 61s, std::string(400, 'x'));
    BOOST_TEST(
        count("state = 'failed' AND secret IS NULL AND attempts = 2 AND CHAR_LENGTH(last_error) = 255") == 1);
}

BOOST_FIXTURE_TEST_CASE(a_mail_that_can_not_be_read_is_handed_out_as_such, Fixture) {
    add("ann@example.com");
    database.execute("UPDATE outbox SET template = 'of_tomorrow'");
    auto due = lease();
    BOOST_REQUIRE(due.size() == 1);
    BOOST_TEST(!due[0].letter.has_value());
    outbox.release(due[0].id, kNow + 10s);
    BOOST_TEST(lease(kNow + 9s).empty());
    database.execute("UPDATE outbox SET template = 'verify_email', secret = 'damaged'");
    due = lease(kNow + 10s);
    BOOST_REQUIRE(due.size() == 1);
    BOOST_TEST(!due[0].letter.has_value());
    BOOST_TEST(due[0].attempts == 0U);
    BOOST_CHECK(due[0].give_up_at == kNow + 24h);
}

BOOST_FIXTURE_TEST_CASE(mails_are_leased_in_the_order_of_their_coming, Fixture) {
    for (int i = 0; i < 5; ++i)
        add(std::to_string(i) + "@example.com", kNow - std::chrono::seconds{i});
    const auto due = outbox.lease_due(3, kNow, kNow + 60s);
    BOOST_REQUIRE(due.size() == 3);
    BOOST_TEST(due[0].letter->recipient == "4@example.com");
    BOOST_TEST(due[2].letter->recipient == "2@example.com");
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE(housekeeping)

BOOST_FIXTURE_TEST_CASE(of_several_nodes_one_has_the_lease, Fixture) {
    store::Housekeeping rival{database, random};
    BOOST_TEST(housekeeping.take_lease(kNow, kNow + 60s));
    BOOST_TEST(!rival.take_lease(kNow + 1s, kNow + 61s));
    BOOST_TEST(housekeeping.take_lease(kNow + 1s, kNow + 61s));
    BOOST_TEST(!rival.take_lease(kNow + 60s, kNow + 120s));
    BOOST_TEST(rival.take_lease(kNow + 61s, kNow + 121s));
    BOOST_TEST(!housekeeping.take_lease(kNow + 62s, kNow + 122s));
}

BOOST_FIXTURE_TEST_CASE(only_what_has_served_its_time_goes, Fixture) {
    add("ann@example.com");
    outbox.sent(lease()[0].id, kNow);
    mail_requests.add(outbox::RequestKind::verify_email, "ann@example.com", kNow);
    mail_requests.close(mail_requests.open(1)[0].id, kNow);
    add("bob@example.com");
    BOOST_TEST(housekeeping.sweep({}, kNow + 24h) == 0U);
    BOOST_TEST(housekeeping.sweep({}, kNow + 24h * 3) == 1U);   // the request
    BOOST_TEST(housekeeping.sweep({}, kNow + 24h * 31) == 1U);  // the mail that was sent
    BOOST_TEST(count("recipient = 'bob@example.com'") == 1);    // queued mail stays
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE(audit_store)

BOOST_FIXTURE_TEST_CASE(an_act_is_written_with_all_that_is_known, Fixture) {
    const auto user = UserId::make(kNow, random);
    audit.record({.action = audit::Action::login_failed,
                  .outcome = audit::Outcome::failure,
                  .subject = user,
                  .detail = "credentials"},
                 {.ip = "192.0.2.1", .user_agent = "x", .request_id = "r1"}, kNow);
    const auto found = database.find_one(
        [](db::Row& row) {
            return row.text("action") + ' ' + row.text("outcome") + ' ' + row.text("ip") + ' ' +
                   row.text("request_id");
        },
        "SELECT action, outcome, ip, request_id FROM audit_log WHERE subject_id = ? AND actor_id IS NULL",
        {user});
    BOOST_TEST(found.value() == "authn_login_fail failure 192.0.2.1 r1");
}

BOOST_AUTO_TEST_SUITE_END()
