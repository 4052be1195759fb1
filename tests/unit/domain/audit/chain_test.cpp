#include "audit/chain.h"

#include <boost/test/unit_test.hpp>
#include <functional>

#include "audit/sealer.h"
#include "audit/verification.h"
#include "fakes/ledger.h"
#include "fakes/world.h"

BOOST_AUTO_TEST_SUITE(chain)

using namespace csauth;
using namespace std::chrono_literals;

namespace {

struct Fixture {
    fakes::Clock clock;
    fakes::Random random;
    fakes::Transactions transactions;
    fakes::Ledger ledger;
    crypto::KeyRing keys = fakes::key_ring("audit-1", 'k');
    audit::Sealer sealer{ledger, transactions, keys, clock};
    UserId ann = UserId::make(clock.now(), random);
    std::uint16_t written = 0;

    Fixture() { ledger.users.insert(ann); }

    audit::SealedEntry entry() {
        EntryId id{Uuid::first_of(clock.now())};
        id.uuid.bytes[14] = static_cast<std::uint8_t>(++written >> 8U);
        id.uuid.bytes[15] = static_cast<std::uint8_t>(written);
        audit::SealedEntry sealed{.entry = {.id = id,
                                            .at = clock.now(),
                                            .action = "authn_login_success",
                                            .outcome = "success",
                                            .actor = ann,
                                            .subject = ann,
                                            .ip = "192.0.2.1",
                                            .request_id = "r1",
                                            .detail = "d"},
                                  .ip_salt = random.bytes<16>(),
                                  .ip_hash = {},
                                  .detail_salt = random.bytes<16>(),
                                  .detail_hash = {}};
        sealed.ip_hash = audit::hash_of(*sealed.ip_salt, sealed.entry.ip);
        sealed.detail_hash = audit::hash_of(*sealed.detail_salt, sealed.entry.detail);
        return sealed;
    }
    void write(int entries) {
        for (int i = 0; i < entries; ++i)
            ledger.rows.push_back({entry()});
    }
    /// Three batches, a minute apart, with 3, 2 and 4 entries.
    void fill() {
        for (const int entries : {3, 2, 4}) {
            write(entries);
            BOOST_REQUIRE(sealer.seal().has_value());
            clock.advance(1min);
        }
    }
    Result<audit::Verified, audit::Tampering> verify(const std::optional<audit::Head>& head = {}) {
        return audit::verify(ledger, keys, head, clock.now());
    }
    audit::SealedEntry& row(std::size_t i) { return ledger.rows.at(i).entry; }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(what_stands_as_it_was_sealed_is_good, Fixture) {
    BOOST_TEST(!verify()->head.has_value());
    BOOST_TEST(!sealer.seal().has_value());  // nothing to seal
    fill();
    write(2);
    const auto verified = verify();
    BOOST_REQUIRE(!!verified);
    BOOST_TEST(verified->batches == 3U);
    BOOST_TEST(verified->entries == 9U);
    BOOST_TEST(verified->unsealed == 2U);
    BOOST_TEST(verified->erased == 0U);
    BOOST_TEST(verified->head->number == 3U);
    BOOST_TEST(!!verify(verified->head));
    BOOST_TEST(!!verify(audit::Head::parse(verified->head->text())));
}

BOOST_FIXTURE_TEST_CASE(any_change_removal_or_insertion_is_found_with_its_batch, Fixture) {
    fill();
    const auto other = UserId::make(clock.now(), random);
    const std::vector<std::pair<audit::BatchNumber, std::function<void()>>> attacks{
        {1, [&] { row(1).entry.action = "authn_login_fail"; }},
        {1, [&] { row(1).entry.outcome = "failure"; }},
        {2, [&] { row(4).entry.actor = other; }},
        {2, [&] { row(4).entry.actor = std::nullopt; }},
        {3, [&] { row(6).entry.subject = other; }},
        {1, [&] { row(0).entry.at += 1us; }},
        {1, [&] { row(0).entry.request_id = "r2"; }},
        {3, [&] { row(8).entry.ip = "192.0.2.2"; }},
        {3, [&] { row(8).entry.detail = ""; }},
        {2, [&] { row(3).ip_salt = random.bytes<16>(); }},
        {2, [&] { row(3).detail_hash = audit::FieldHash{}; }},
        {2, [&] { row(3).ip_hash.reset(); }},
        {2, [&] { ledger.rows.erase(ledger.rows.begin() + 3); }},
        {1, [&] { ledger.rows.at(4).batch = 1; }},
        {1, [&] { ledger.rows.at(0).batch.reset(); }},
        {1,
         [&] {
             ledger.rows.insert(ledger.rows.begin(), {entry(), audit::BatchNumber{1}});
         }},
        {2, [&] { std::swap(row(3).entry.id, row(4).entry.id); }},
        {2, [&] { ledger.sealed.erase(2); }},
        {1, [&] { ledger.sealed.erase(1); }},
        {2, [&] { ledger.sealed.at(2).seal[0] ^= 1; }},
        {2, [&] { ledger.sealed.at(2).previous[0] ^= 1; }},
        {2, [&] { ledger.sealed.at(2).sealed_at += 1s; }},
        {3, [&] { ledger.sealed.at(3).entries = 3; }},
        {3, [&] { ledger.sealed.at(3).key_id = "audit-2"; }},
    };
    const auto rows = ledger.rows;
    const auto sealed = ledger.sealed;
    for (std::size_t i = 0; i < attacks.size(); ++i) {
        attacks[i].second();
        const auto verified = verify();
        BOOST_REQUIRE_MESSAGE(!verified, "attack " << i << " was not found");
        BOOST_TEST(verified.error().batch.value_or(0) == attacks[i].first,
                   "attack " << i << ": " << verified.error().what);
        ledger.rows = rows;
        ledger.sealed = sealed;
    }
    BOOST_TEST(!!verify());
    // An entry of a batch that there is not.
    ledger.rows.push_back({entry(), audit::BatchNumber{9}});
    BOOST_TEST(!verify());
}

BOOST_FIXTURE_TEST_CASE(an_entry_from_long_ago_is_not_sealed_in_later, Fixture) {
    fill();
    auto late = entry();
    late.entry.at = clock.now() - 11min - 1min;  // the last seal is a minute old
    late.entry.id = EntryId{Uuid::first_of(late.entry.at)};
    ledger.rows.insert(ledger.rows.begin(), {late});
    BOOST_REQUIRE(sealer.seal().has_value());
    const auto verified = verify();
    BOOST_REQUIRE(!verified);
    BOOST_TEST(verified.error().batch.value() == 4U);
    // What a request took a while to commit is in order.
    ledger.rows.front().entry.entry.at = clock.now() - 5min;
    ledger.rows.front().entry.entry.id = EntryId{Uuid::first_of(clock.now() - 5min)};
    ledger.rows.front().batch.reset();
    ledger.sealed.erase(4);
    BOOST_REQUIRE(sealer.seal().has_value());
    BOOST_TEST(!!verify());
}

BOOST_FIXTURE_TEST_CASE(behind_an_outage_old_entries_fill_several_batches, Fixture) {
    write(1);
    BOOST_REQUIRE(sealer.seal().has_value());
    for (std::size_t i = 0; i < audit::kMostEntriesOfBatch + 1; ++i) {
        write(1);
        clock.advance(1s);
    }
    BOOST_TEST(sealer.seal()->entries == audit::kMostEntriesOfBatch);
    BOOST_TEST(sealer.seal()->entries == 1U);
    BOOST_TEST(!!verify());
}

BOOST_FIXTURE_TEST_CASE(a_shortened_log_is_found_by_a_head_that_was_noted, Fixture) {
    fill();
    const auto head = verify()->head;
    ledger.sealed.erase(3);
    std::erase_if(ledger.rows, [](const auto& row) { return row.batch == 3U; });
    BOOST_TEST(!!verify());  // the log itself can't tell
    BOOST_TEST(sealer.notice_shortening());
    const auto verified = verify(head);
    BOOST_REQUIRE(!verified);
    BOOST_TEST(verified.error().batch.value() == 3U);
    write(1);
    BOOST_REQUIRE(sealer.seal().has_value());
    BOOST_TEST(verify(head).error().batch.value() == 3U);  // another batch of that number
    BOOST_TEST(!audit::Head::parse("3").has_value());
    BOOST_TEST(!audit::Head::parse("3:abcd").has_value());
    BOOST_TEST(!audit::Head::parse("x:" + std::string(64, 'a')).has_value());
    BOOST_TEST(!audit::Head::parse("3:" + std::string(64, 'g')).has_value());
}

BOOST_FIXTURE_TEST_CASE(what_is_personal_goes_with_its_user_and_with_nobody_else, Fixture) {
    fill();
    const auto erase = [&](std::size_t i) {
        row(i).entry.ip = row(i).entry.detail = "";
        row(i).ip_salt.reset();
        row(i).detail_salt.reset();
    };
    erase(4);
    BOOST_TEST(verify().error().batch.value() == 2U);  // ann is here
    ledger.users.clear();
    BOOST_TEST(verify().error().batch.value() == 2U);  // nobody has deleted her
    write(1);
    ledger.rows.back().entry.entry.action = "user_deleted";
    BOOST_REQUIRE(sealer.seal().has_value());
    BOOST_REQUIRE(!!verify());
    BOOST_TEST(verify()->erased == 1U);
    // A salt that is gone with the field left, or the other way round, is no erasure.
    row(4).entry.detail = "another";
    BOOST_TEST(verify().error().batch.value() == 2U);
    row(4).entry.detail = "";
    row(5).entry.detail = "";
    BOOST_TEST(verify().error().batch.value() == 3U);
}

BOOST_FIXTURE_TEST_CASE(old_batches_go_and_the_rest_can_still_be_verified, Fixture) {
    fill();
    using Dropped = audit::Sealer::Dropped;
    BOOST_CHECK(sealer.drop_oldest(1h) == Dropped::no);
    const auto head = audit::Head{1, ledger.sealed.at(1).seal};
    BOOST_CHECK(sealer.drop_oldest(2min) == Dropped::yes);
    BOOST_CHECK(sealer.drop_oldest(2min + 1s) == Dropped::no);
    BOOST_TEST(!verify(head));  // what was noted is not there to compare with
    BOOST_TEST(verify()->batches == 2U);
    BOOST_TEST(!sealer.notice_shortening());

    // Nobody else can move the beginning.
    const auto begins = ledger.begins;
    ledger.begins.reset();
    BOOST_TEST(verify().error().batch.value() == 1U);
    ledger.begins = begins;
    ledger.begins->first_batch = 3;
    BOOST_TEST(!verify());
    ledger.begins = begins;
    ledger.sealed.erase(2);
    BOOST_TEST(verify().error().batch.value() == 2U);

    BOOST_CHECK(sealer.drop_oldest(1s) == Dropped::no);  // the newest stays
    write(1);
    BOOST_TEST(sealer.seal()->number == 4U);
}

BOOST_FIXTURE_TEST_CASE(what_is_not_genuine_is_not_dropped, Fixture) {
    using Dropped = audit::Sealer::Dropped;
    fill();
    const auto sealed = ledger.sealed;
    const auto rows = ledger.rows;
    // An intruder without the key can't have the keeper seal, by making a batch older than it is.
    ledger.sealed.at(1).sealed_at -= 24h * 1000;
    BOOST_CHECK(sealer.drop_oldest(24h) == Dropped::not_genuine);
    ledger.sealed = sealed;
    ledger.sealed.erase(1);  // nor by leaving a gap
    BOOST_CHECK(sealer.drop_oldest(1s) == Dropped::not_genuine);
    ledger.sealed = sealed;
    ledger.sealed.erase(2);
    BOOST_CHECK(sealer.drop_oldest(1s) == Dropped::not_genuine);
    ledger.sealed = sealed;
    row(0).entry.action = "another";
    BOOST_CHECK(sealer.drop_oldest(1s) == Dropped::not_genuine);
    ledger.rows = rows;
    ledger.begins = audit::Beginning{.first_batch = 1, .key_id = "audit-1"};
    BOOST_CHECK(sealer.drop_oldest(1s) == Dropped::not_genuine);
    ledger.begins.reset();
    BOOST_CHECK(sealer.drop_oldest(1s) == Dropped::yes);
}

BOOST_FIXTURE_TEST_CASE(entries_that_nobody_seals_are_found, Fixture) {
    fill();
    write(1);
    clock.advance(10min);
    BOOST_TEST(!!verify());
    clock.advance(1us);
    BOOST_TEST(!verify());
    BOOST_REQUIRE(sealer.seal().has_value());
    BOOST_TEST(!!verify());
}

BOOST_FIXTURE_TEST_CASE(an_id_or_a_time_that_lies_is_found, Fixture) {
    fill();
    write(1);
    ledger.rows.back().entry.entry.id = EntryId{Uuid::first_of(clock.now() - 24h)};
    BOOST_REQUIRE(sealer.seal().has_value());
    BOOST_TEST(verify().error().batch.value() == 4U);
    ledger.rows.pop_back();
    ledger.sealed.erase(4);
    write(1);
    auto& ahead = ledger.rows.back().entry.entry;
    ahead.at = clock.now() + 24h;
    ahead.id = EntryId{Uuid::first_of(ahead.at)};
    BOOST_REQUIRE(sealer.seal().has_value());
    BOOST_TEST(verify().error().batch.value() == 4U);
}

BOOST_FIXTURE_TEST_CASE(keys_may_change_as_long_as_old_ones_are_there, Fixture) {
    fill();
    std::vector<crypto::Key> both;
    both.push_back(crypto::make_key("audit-1", as_bytes(std::string(32, 'k'))));
    both.push_back(crypto::make_key("audit-2", as_bytes(std::string(32, 'l'))));
    keys = crypto::KeyRing{std::move(both), "audit-2"};
    write(1);
    BOOST_TEST(sealer.seal()->key_id == "audit-2");
    BOOST_TEST(!!verify());
    keys = fakes::key_ring("audit-2", 'l');
    BOOST_TEST(verify().error().batch.value() == 1U);
}

BOOST_FIXTURE_TEST_CASE(of_two_sealers_one_has_its_way, Fixture) {
    write(3);
    audit::Sealer rival{ledger, transactions, keys, clock};
    BOOST_TEST(sealer.seal().has_value());
    BOOST_TEST(!rival.seal().has_value());
    write(1);
    BOOST_TEST(rival.seal()->number == 2U);
    BOOST_TEST(!sealer.notice_shortening());
    BOOST_TEST(!!verify());
}

BOOST_AUTO_TEST_SUITE_END()
