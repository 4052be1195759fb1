#include <boost/test/unit_test.hpp>

#include "store/outbox_fixture.h"

using namespace csauth;
using namespace std::chrono_literals;
using tests::kNow;
using tests::OutboxFixture;

BOOST_AUTO_TEST_SUITE(outbox)

BOOST_FIXTURE_TEST_CASE(a_letter_comes_back_as_it_was_written_and_its_secret_is_sealed, OutboxFixture) {
    add("ann@example.com");
    BOOST_TEST(count("INSTR(secret, 'the-token') > 0 OR INSTR(parameters, 'the-token') > 0") == 0);
    const auto due = lease();
    BOOST_REQUIRE(due.size() == 1);
    BOOST_REQUIRE(due[0].letter);
    const auto& letter = *due[0].letter;
    BOOST_CHECK(letter.which == csauth::outbox::Template::verify_email);
    BOOST_TEST(letter.language == "de");
    BOOST_TEST(letter.recipient == "ann@example.com");
    BOOST_TEST(letter.parameters.at("username") == "Ann \"\xc3\xa4\"");
    BOOST_TEST(letter.token.reveal() == "the-token");
    BOOST_TEST(letter.code.reveal() == "the-code");
    BOOST_CHECK(letter.give_up_at == kNow + 24h);
    BOOST_TEST(due[0].attempts == 0U);
}

BOOST_FIXTURE_TEST_CASE(a_leased_mail_is_nobody_elses_until_the_lease_lapses, OutboxFixture) {
    add("ann@example.com");
    store::Outbox rival{database, seal_keys, random};
    const auto mine = lease();
    BOOST_REQUIRE(mine.size() == 1);
    BOOST_TEST(rival.lease_due(10, kNow + 60s, kNow + 120s).empty());
    BOOST_TEST(outbox.begin(mine[0].id, kNow + 120s));
    BOOST_TEST(rival.lease_due(10, kNow + 61s, kNow + 180s).empty());
    const auto theirs = rival.lease_due(10, kNow + 121s, kNow + 181s);
    BOOST_REQUIRE(theirs.size() == 1);
    BOOST_TEST(!outbox.begin(mine[0].id, kNow + 240s));
    outbox.sent(mine[0].id, kNow);  // too late: it is theirs
    BOOST_TEST(count("state = 'sent'") == 0);
    rival.sent(theirs[0].id, kNow);
    BOOST_TEST(count("state = 'sent' AND secret IS NULL AND attempts = 1") == 1);
    BOOST_TEST(rival.lease_due(10, kNow + 1h, kNow + 2h).empty());
}

BOOST_FIXTURE_TEST_CASE(a_mail_that_must_wait_comes_back_when_its_time_has_come, OutboxFixture) {
    add("ann@example.com");
    outbox.retry(lease()[0].id, kNow + 60s, "451 later");
    BOOST_TEST(lease(kNow + 59s).empty());
    const auto again = lease(kNow + 60s);
    BOOST_REQUIRE(again.size() == 1);
    BOOST_TEST(again[0].attempts == 1U);
    BOOST_TEST(again[0].letter->token.reveal() == "the-token");
    outbox.failed(again[0].id, kNow + 61s, std::string(400, 'x'));
    BOOST_TEST(
        count("state = 'failed' AND secret IS NULL AND attempts = 2 AND CHAR_LENGTH(last_error) = 255") == 1);
}

BOOST_FIXTURE_TEST_CASE(a_mail_that_can_not_be_read_is_handed_out_as_such, OutboxFixture) {
    add("ann@example.com");
    database.execute("UPDATE outbox SET template = 'of_tomorrow'");
    auto due = lease();
    BOOST_REQUIRE(due.size() == 1);
    BOOST_TEST(!due[0].letter.has_value());
    outbox.release(due[0].id, "no relay");
    BOOST_TEST(count("last_error = 'no relay' AND attempts = 0") == 1);
    database.execute("UPDATE outbox SET template = 'verify_email', secret = 'damaged'");
    due = lease();
    BOOST_REQUIRE(due.size() == 1);
    BOOST_TEST(!due[0].letter.has_value());
    BOOST_TEST(due[0].attempts == 0U);
    BOOST_CHECK(due[0].give_up_at == kNow + 24h);
}

BOOST_FIXTURE_TEST_CASE(the_newest_mails_are_leased_first, OutboxFixture) {
    for (int i = 0; i < 5; ++i)
        add(std::to_string(i) + "@example.com", kNow - std::chrono::seconds{i});
    const auto due = outbox.lease_due(3, kNow, kNow + 60s);
    BOOST_REQUIRE(due.size() == 3);
    BOOST_TEST(due[0].letter->recipient == "0@example.com");
    BOOST_TEST(due[2].letter->recipient == "2@example.com");
}

BOOST_FIXTURE_TEST_CASE(deliveries_that_were_begun_and_never_ended_are_counted, OutboxFixture) {
    add("ann@example.com");
    TimePoint now = kNow;
    const auto lease_as = [&](store::Outbox& mailer) { return mailer.lease_due(10, now, now + 60s); };
    for (unsigned deaths = 0; deaths < 3; ++deaths) {
        store::Outbox mailer{database, seal_keys, random};
        const auto due = lease_as(mailer);
        BOOST_REQUIRE(due.size() == 1);
        BOOST_TEST(due[0].begun == deaths);
        BOOST_TEST(due[0].attempts == 0U);
        BOOST_TEST(mailer.begin(due[0].id, now + 60s));
        now += 61s;
    }
    store::Outbox survivor{database, seal_keys, random};
    survivor.retry(lease_as(survivor)[0].id, now, "451 later");
    const auto after = lease_as(survivor);
    BOOST_TEST(after[0].attempts == 1U);
    BOOST_TEST(after[0].begun == 1U);
}

BOOST_FIXTURE_TEST_CASE(what_a_process_lost_sight_of_is_due_for_it_again, OutboxFixture) {
    add("ann@example.com");
    BOOST_TEST(outbox.begin(lease()[0].id, kNow + 20min));  // and then the database went away
    const auto again = lease(kNow + 1s);
    BOOST_REQUIRE(again.size() == 1);
    BOOST_TEST(again[0].begun == 0U);
}

BOOST_FIXTURE_TEST_CASE(a_long_queue_is_leased_by_its_index, OutboxFixture) {
    const auto plan =
        database.find_one([](db::Row& row) { return row.text("key") + ' ' + row.text("Extra"); }, R"(
        EXPLAIN SELECT id
          FROM outbox FORCE INDEX (outbox_fresh)
         WHERE state = 'queued' AND next_attempt_at <= '2026-01-01'
         ORDER BY created_at DESC
         LIMIT 20)");
    BOOST_REQUIRE(plan.has_value());
    BOOST_TEST(plan->find("outbox_fresh") == 0U);
    BOOST_TEST(plan->find("filesort") == std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(an_administrator_sees_no_secret_and_may_retry_and_drop, OutboxFixture) {
    add("ann@example.com");
    const auto all = outbox.list(std::nullopt, 10);
    BOOST_REQUIRE(all.size() == 1);
    BOOST_TEST(all[0].has_secret);
    BOOST_TEST(all[0].state == "queued");
    BOOST_TEST(all[0].parameters.find("the-token") == std::string::npos);
    BOOST_TEST(outbox.list("failed", 10).empty());
    outbox.retry(lease()[0].id, kNow + 1h, "451 later");
    BOOST_TEST(outbox.retry_now(all[0].id, kNow, kNow));
    BOOST_TEST(lease().size() == 1U);
    BOOST_TEST(outbox.drop(all[0].id, kNow));
    BOOST_TEST(!outbox.drop(all[0].id, kNow));
    BOOST_TEST(count("state = 'failed' AND secret IS NULL") == 1);
    BOOST_TEST(!outbox.retry_now(all[0].id, kNow, kNow));  // its token is gone

    outbox.add({.which = csauth::outbox::Template::new_device,
                .language = "en",
                .recipient = "bob@example.com",
                .give_up_at = kNow + 1h},
               kNow);
    const auto mail = lease();
    BOOST_REQUIRE(mail.size() == 1);
    outbox.failed(mail[0].id, kNow, "550 no");
    BOOST_TEST(outbox.retry_now(mail[0].id, kNow, kNow + 24h));
    BOOST_TEST(lease().size() == 1U);
    BOOST_TEST(count("give_up_at > '2026-11-24'") >= 1);
}

BOOST_FIXTURE_TEST_CASE(newest_mails_of_a_user_come_first, OutboxFixture) {
    const auto user = UserId::make(kNow, random);
    for (const auto& [recipient, at] :
         {std::pair{"first@example.com", kNow}, std::pair{"second@example.com", kNow + 1s}})
        outbox.add({.which = csauth::outbox::Template::new_device,
                    .language = "en",
                    .recipient = recipient,
                    .user = user,
                    .parameters = {{"username", "annie"}},
                    .give_up_at = kNow + 1h},
                   at);
    BOOST_TEST(outbox.newest_of(user, 3).size() == 2U);
    const auto newest = outbox.newest_of(user, 1);
    BOOST_REQUIRE(newest.size() == 1U);
    BOOST_TEST(newest[0].recipient == "second@example.com");
    BOOST_TEST(outbox.newest_of(UserId::make(kNow, random), 3).empty());
}

BOOST_FIXTURE_TEST_CASE(of_a_deleted_account_no_address_stays, OutboxFixture) {
    const auto user = UserId::make(kNow, random);
    const auto send = [&](csauth::outbox::Template which) {
        outbox.add({.which = which,
                    .language = "en",
                    .recipient = "ann@example.com",
                    .user = user,
                    .parameters = {{"username", "annie"}},
                    .give_up_at = kNow + 1h},
                   kNow);
    };
    send(csauth::outbox::Template::new_device);
    BOOST_TEST(outbox.newest_of(user, 100).size() == 1U);
    outbox.withdraw(user);
    BOOST_TEST(outbox.newest_of(user, 100).empty());
    send(csauth::outbox::Template::account_deleted);
    outbox.sent(lease()[0].id, kNow);
    BOOST_TEST(count("recipient = '' AND parameters = '{}' AND state = 'sent'") == 1);
}

BOOST_AUTO_TEST_SUITE_END()
