#include "store/audit_ledger.h"

#include <algorithm>
#include <span>

#include "db/query.h"
#include "store/audit_log.h"

namespace csauth::store {
namespace {

const std::string kSelectEntry =
    "SELECT " + std::string{kEntryColumns} + ", ip_salt, ip_hash, detail_salt, detail_hash FROM audit_log ";

constexpr std::string_view kSelectBatch =
    "SELECT number, sealed_at, entries, previous, key_id, seal FROM audit_batches ";

/// Of one statement, so that there are few statements to prepare; the last id fills the rest.
constexpr std::size_t kIdsOfStatement = 250;

std::string places(std::size_t count) {
    std::string list;
    for (std::size_t i = 0; i < count; ++i)
        list += i == 0 ? "?" : ", ?";
    return list;
}

template <std::size_t N>
std::optional<std::array<std::uint8_t, N>> optional_bytes(const db::Row& row, const char* column) {
    if (!row.optional_text(column)) return std::nullopt;
    return row.bytes<N>(column);
}

audit::SealedEntry sealed_from(db::Row& row) {
    return {entry_from(row), optional_bytes<16>(row, "ip_salt"), optional_bytes<16>(row, "ip_hash"),
            optional_bytes<16>(row, "detail_salt"), optional_bytes<16>(row, "detail_hash")};
}

audit::Batch batch_from(db::Row& row) {
    return {.number = static_cast<audit::BatchNumber>(row.integer("number")),
            .sealed_at = row.time("sealed_at"),
            .entries = static_cast<std::size_t>(row.integer("entries")),
            .previous = row.bytes<32>("previous"),
            .key_id = row.text("key_id"),
            .seal = row.bytes<32>("seal")};
}

}  // namespace

std::vector<audit::SealedEntry> AuditLedger::unsealed(std::size_t most) {
    return db_.find_all(sealed_from, kSelectEntry + "WHERE batch IS NULL ORDER BY id LIMIT ?", {most});
}

std::optional<audit::Batch> AuditLedger::last_batch() {
    return db_.find_one(batch_from, std::string{kSelectBatch} + "ORDER BY number DESC LIMIT 1");
}

bool AuditLedger::add(const audit::Batch& batch, const std::vector<audit::SealedEntry>& entries) {
    try {
        db_.execute(R"(
            INSERT INTO audit_batches (number, sealed_at, entries, previous, key_id, seal)
            VALUES (?, ?, ?, ?, ?, ?))",
                    {batch.number, batch.sealed_at, batch.entries, batch.previous, batch.key_id, batch.seal});
    } catch (const db::DuplicateKey&) {
        return false;
    }
    std::uint64_t added = 0;
    for (std::span rest{entries}; !rest.empty();
         rest = rest.subspan(std::min(kIdsOfStatement, rest.size()))) {
        db::Query query;
        query.add(
            "UPDATE audit_log SET batch = ? WHERE batch IS NULL AND id IN (" + places(kIdsOfStatement) + ')',
            {batch.number});
        for (std::size_t i = 0; i < kIdsOfStatement; ++i)
            query.values.emplace_back(rest[std::min(i, rest.size() - 1)].entry.id);
        added += db_.execute(query.sql, query.values);
    }
    return added == entries.size();
}

std::vector<audit::Batch> AuditLedger::batches(audit::BatchNumber from, std::size_t most) {
    return db_.find_all(batch_from, std::string{kSelectBatch} + "WHERE number >= ? ORDER BY number LIMIT ?",
                        {from, most});
}

std::vector<audit::SealedEntry> AuditLedger::entries_of(audit::BatchNumber number) {
    return db_.find_all(sealed_from, kSelectEntry + "WHERE batch = ? ORDER BY id", {number});
}

std::vector<audit::SealedEntry> AuditLedger::entries(std::optional<EntryId> after, std::size_t most) {
    return db_.find_all(sealed_from, kSelectEntry + "WHERE id > ? ORDER BY id LIMIT ?",
                        {after.value_or(EntryId{}), most});
}

std::size_t AuditLedger::count_outside(audit::BatchNumber first, audit::BatchNumber last) {
    const auto count =
        db_.find_one([](db::Row& row) { return row.integer("count"); },
                     "SELECT COUNT(*) AS count FROM audit_log WHERE batch < ? OR batch > ?", {first, last});
    return static_cast<std::size_t>(count.value_or(0));
}

std::vector<UserId> AuditLedger::existing(const std::vector<UserId>& users) {
    std::vector<UserId> found;
    for (std::span rest{users}; !rest.empty(); rest = rest.subspan(std::min(kIdsOfStatement, rest.size()))) {
        db::Query query;
        query.add("SELECT id FROM users WHERE id IN (" + places(kIdsOfStatement) + ')');
        for (std::size_t i = 0; i < kIdsOfStatement; ++i)
            query.values.emplace_back(rest[std::min(i, rest.size() - 1)]);
        const auto some = db_.find_all([](db::Row& row) { return row.id<UserId>("id"); }, query.sql,
                                       std::span<const db::Value>{query.values});
        found.insert(found.end(), some.begin(), some.end());
    }
    return found;
}

std::optional<audit::Beginning> AuditLedger::beginning() {
    return db_.find_one(
        [](db::Row& row) {
            return audit::Beginning{static_cast<audit::BatchNumber>(row.integer("first_batch")),
                                    row.text("key_id"), row.bytes<32>("seal")};
        },
        "SELECT first_batch, key_id, seal FROM audit_beginning WHERE id = 1");
}

void AuditLedger::drop(audit::BatchNumber number, const audit::Beginning& beginning) {
    db_.execute(R"(
        INSERT INTO audit_beginning (id, first_batch, key_id, seal)
        VALUES (1, ?, ?, ?)
            ON DUPLICATE KEY UPDATE first_batch = VALUES(first_batch), key_id = VALUES(key_id), seal = VALUES(seal))",
                {beginning.first_batch, beginning.key_id, beginning.seal});
    db_.execute("DELETE FROM audit_log WHERE batch = ?", {number});
    db_.execute("DELETE FROM audit_batches WHERE number = ?", {number});
}

}  // namespace csauth::store
