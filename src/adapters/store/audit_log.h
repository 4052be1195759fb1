#pragma once

#include "audit/audit_log.h"
#include "base/random.h"
#include "db/database.h"

namespace csauth::store {

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

/// What an entry is read from.
inline constexpr std::string_view kEntryColumns =
    "id, at, action, outcome, actor_id, subject_id, ip, request_id, detail";

audit::Entry entry_from(const db::Row& row);

}  // namespace csauth::store
