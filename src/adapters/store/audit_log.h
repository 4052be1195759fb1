#pragma once

#include "audit/audit_log.h"
#include "base/random.h"
#include "db/database.h"

namespace csauth::store {

/// Implements audit::AuditLog over the tables `audit_log` and `erasures`. Each entry gets a hash of its
/// detail and its address, so both can be erased later while the chain stays valid.
class AuditLog final : public audit::AuditLog {
public:
    AuditLog(db::Database& database, Random& random) : db_{database}, random_{random} {}

    using audit::AuditLog::record;
    void record(std::span<const audit::Act> acts, const Origin& origin, TimePoint now) override;
    std::vector<audit::Entry> page(const audit::Filter& filter, std::optional<EntryId> before,
                                   std::size_t most) override;
    std::vector<audit::Entry> about(UserId subject, std::optional<EntryId> before, std::size_t most) override;
    void request_erasure(UserId user, TimePoint now) override;

private:
    db::Database& db_;
    Random& random_;
};

/// The columns of `audit_log` that entry_from() reads.
inline constexpr std::string_view kEntryColumns =
    "id, at, action, outcome, actor_id, subject_id, ip, request_id, detail";

/// Returns the entry in a row that has kEntryColumns.
audit::Entry entry_from(const db::Row& row);

}  // namespace csauth::store
