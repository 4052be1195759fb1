#include "store/audit_ledger.h"

#include <boost/test/unit_test.hpp>

#include "audit/sealer.h"
#include "audit/verification.h"
#include "store_database.h"

BOOST_AUTO_TEST_SUITE(audit_ledger)

using namespace csauth;
using namespace std::chrono_literals;

namespace {

struct Fixture : tests::StoreDatabase {
    crypto::KeyRing keys = fakes::key_ring("audit-1", 'k');
    audit::Sealer sealer{ledger, database, keys, clock};
    UserId ann = UserId::make(clock.now(), random);
    Origin origin{.ip = "192.0.2.1", .user_agent = "agent", .request_id = "r1"};

    void write(int acts) {
        for (int i = 0; i < acts; ++i)
            audit.record(
                {.action = audit::Action::login_succeeded, .actor = ann, .subject = ann, .detail = "d"},
                origin, clock.now());
    }
    Result<audit::Verified, audit::Tampering> verify() {
        return audit::verify(ledger, keys, {}, clock.now());
    }
    void tamper(const std::string& sql) { BOOST_REQUIRE(database.execute(sql) > 0); }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(what_was_written_is_sealed_and_verified, Fixture) {
    write(3);
    BOOST_TEST(sealer.seal()->entries == 3U);
    BOOST_TEST(!sealer.seal().has_value());
    write(600);  // more than one statement adds
    BOOST_TEST(sealer.seal()->entries == 600U);
    write(1);
    const auto verified = verify();
    BOOST_REQUIRE(!!verified);
    BOOST_TEST(verified->entries == 603U);
    BOOST_TEST(verified->unsealed == 1U);
    BOOST_TEST(ledger.entries({}, 1000).size() == 604U);
}

BOOST_FIXTURE_TEST_CASE(what_is_done_behind_its_back_is_found, Fixture) {
    write(3);
    sealer.seal();
    const std::vector<std::string> attacks{"UPDATE audit_log SET action = 'user_deleted' LIMIT 1",
                                           "UPDATE audit_log SET at = at - INTERVAL 1 SECOND",
                                           "UPDATE audit_log SET detail = '' LIMIT 1",
                                           "UPDATE audit_log SET ip = '::1', ip_salt = NULL LIMIT 1",
                                           "DELETE FROM audit_log LIMIT 1",
                                           "UPDATE audit_log SET batch = NULL LIMIT 1",
                                           "UPDATE audit_log SET actor_id = NULL LIMIT 1",
                                           "UPDATE audit_batches SET sealed_at = sealed_at + INTERVAL 1 DAY"};
    for (const auto& attack : attacks) {
        (void)database.run([&]() -> Result<void> {
            tamper(attack);
            const auto verified = verify();
            BOOST_TEST(!verified, attack);
            if (!verified) BOOST_TEST(verified.error().batch.value_or(0) == 1U, attack);
            return Error{.code = ErrorCode::bad_request};  // rolls back
        });
        BOOST_TEST(!!verify());
    }
}

BOOST_FIXTURE_TEST_CASE(the_traces_of_who_has_gone_are_erased_under_the_seal, Fixture) {
    const auto bob = UserId::make(clock.now(), random);
    write(2);
    audit.record({.action = audit::Action::user_banned, .actor = bob, .subject = ann, .detail = "spam"},
                 origin, clock.now());
    sealer.seal();
    audit.record({.action = audit::Action::user_deleted, .actor = ann, .subject = ann}, origin, clock.now());
    sealer.seal();
    audit.request_erasure(ann, clock.now());
    while (housekeeping.sweep({}, clock.now()) > 0) {}
    const auto verified = verify();
    BOOST_REQUIRE(!!verified);
    BOOST_TEST(verified->erased == 4U);
    // The address of the one who did it is not hers.
    BOOST_TEST(audit.page({.action = audit::Action::user_banned}, {}, 1).at(0).ip == "192.0.2.1");
    BOOST_TEST(audit.page({.action = audit::Action::user_banned}, {}, 1).at(0).detail.empty());
    audit.record({.action = audit::Action::user_deleted, .actor = bob, .subject = bob}, origin, clock.now());
    audit.request_erasure(bob, clock.now());
    while (housekeeping.sweep({}, clock.now()) > 0) {}
    BOOST_TEST(audit.page({.action = audit::Action::user_banned}, {}, 1).at(0).ip.empty());
    BOOST_TEST(!!verify());
}

BOOST_FIXTURE_TEST_CASE(no_trace_is_missed_however_many_there_are, Fixture) {
    const auto left = [&] {
        return database
            .find_one([](db::Row& row) { return row.integer("n"); },
                      "SELECT COUNT(*) AS n FROM audit_log WHERE detail <> '' OR ip_salt IS NOT NULL")
            .value();
    };
    const auto sweep = [&] {
        while (housekeeping.sweep({}, clock.now()) > 0) {}
    };
    write(1001);  // two statements and one entry
    clock.advance(1h);
    audit.request_erasure(ann, clock.now());
    sweep();
    BOOST_TEST(left() == 0);
    // By requests that were under way, with ids from before and after the last that was erased.
    clock.advance(-5min);
    write(1);
    clock.advance(6min);
    write(1);
    sweep();
    BOOST_TEST(left() == 0);
    clock.advance(10min);
    sweep();
    BOOST_TEST(
        database.find_one([](db::Row& row) { return row.integer("n"); }, "SELECT COUNT(*) AS n FROM erasures")
            .value() == 0);
}

BOOST_FIXTURE_TEST_CASE(old_batches_go, Fixture) {
    for (int i = 0; i < 3; ++i) {
        write(2);
        sealer.seal();
        clock.advance(1min);
    }
    BOOST_CHECK(sealer.drop_oldest(150s) == audit::Sealer::Dropped::yes);
    BOOST_CHECK(sealer.drop_oldest(150s) == audit::Sealer::Dropped::no);
    BOOST_CHECK(sealer.drop_oldest(90s) == audit::Sealer::Dropped::yes);
    BOOST_TEST(verify()->entries == 2U);
    tamper("DELETE FROM audit_beginning");
    BOOST_TEST(verify().error().batch.value() == 1U);
}

BOOST_FIXTURE_TEST_CASE(of_two_sealers_one_has_its_way, Fixture) {
    write(5);
    db::Database other{tests::test_address()};
    store::AuditLedger others_ledger{other};
    audit::Sealer rival{others_ledger, other, keys, clock};
    // The rival has read what there is, and comes second.
    const auto entries = others_ledger.unsealed(10);
    BOOST_TEST(sealer.seal()->number == 1U);
    BOOST_TEST(
        !others_ledger.add({.number = 1, .sealed_at = clock.now(), .entries = 5, .key_id = "k"}, entries));
    (void)other.run([&]() -> Result<void> {
        BOOST_TEST(!others_ledger.add({.number = 2, .sealed_at = clock.now(), .entries = 5, .key_id = "k"},
                                      entries));
        return Error{.code = ErrorCode::bad_request};
    });
    BOOST_TEST(!rival.seal().has_value());
    BOOST_TEST(!!verify());
}

BOOST_AUTO_TEST_SUITE_END()
