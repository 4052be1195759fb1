#include "store/audit_ledger.h"

#include <algorithm>
#include <set>
#include <span>

#include "db/query.h"
#include "store/audit_log.h"

namespace csauth::store {
namespace {

const std::string kSelectEntry =
    "SELECT " + std::string{kEntryColumns} + ", ip_salt, ip_hash, detail_salt, detail_hash FROM audit_log ";

constexpr std::string_view kSelectBatch =
    "SELECT number, sealed_at, entries, previous, key_id, seal FROM audit_batches ";

/// The number of ids in each statement, so that there are few statements to prepare. The last id fills the
/// rest.
constexpr std::size_t kIdsOfStatement = 250;

using IdBytes = decltype(Uuid::bytes);

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
        query.add("UPDATE audit_log FORCE INDEX (PRIMARY) SET batch = ? WHERE batch IS NULL AND id IN (" +
                      places(kIdsOfStatement) + ')',
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

bool AuditLedger::has_strays(audit::BatchNumber first, audit::BatchNumber last) {
    return db_
        .find_one([](db::Row& row) { return row.flag("found"); }, R"(
        SELECT EXISTS (SELECT 1
                         FROM audit_log l
                        WHERE (l.batch < ? OR l.batch > ?)
                          AND NOT EXISTS (SELECT 1 FROM audit_batches b WHERE b.number = l.batch)) AS found)",
                  {first, last})
        .value_or(true);
}

std::vector<UserId> AuditLedger::not_deleted(const std::vector<UserId>& users) {
    std::set<IdBytes> present;
    std::set<IdBytes> deleted;
    for (std::span rest{users}; !rest.empty(); rest = rest.subspan(std::min(kIdsOfStatement, rest.size()))) {
        const auto add = [&](std::string_view select, std::set<IdBytes>& found) {
            db::Query query;
            query.add(select);
            query.add(" IN (" + places(kIdsOfStatement) + ')');
            for (std::size_t i = 0; i < kIdsOfStatement; ++i)
                query.values.emplace_back(rest[std::min(i, rest.size() - 1)]);
            for (const UserId id : db_.find_all([](db::Row& row) { return row.id<UserId>("id"); }, query.sql,
                                                std::span<const db::Value>{query.values}))
                found.insert(id.uuid.bytes);
        };
        add("SELECT id FROM users WHERE id", present);
        add("SELECT DISTINCT subject_id AS id FROM audit_log WHERE action = 'user_deleted' AND subject_id",
            deleted);
    }
    std::vector<UserId> found;
    for (const UserId id : users)
        if (present.contains(id.uuid.bytes) || !deleted.contains(id.uuid.bytes)) found.push_back(id);
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

bool AuditLedger::needs_key(std::string_view id) {
    return db_
        .find_one([](db::Row& row) { return row.flag("needed"); }, R"(
        SELECT EXISTS (SELECT 1 FROM audit_batches WHERE key_id = ?)
               OR EXISTS (SELECT 1 FROM audit_beginning WHERE key_id = ?) AS needed)",
                  {id, id})
        .value_or(true);
}

}  // namespace csauth::store
