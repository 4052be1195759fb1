#pragma once

#include "audit/audit_log.h"
#include "base/random.h"
#include "db/database.h"

namespace csauth::store {

class AuditLog final : public audit::AuditLog {
public:
    AuditLog(db::Database& database, Random& random) : db_{database}, random_{random} {}

    void record(const audit::Act& act, const Origin& origin, TimePoint now) override;
    std::vector<audit::Entry> entries_about(UserId subject, std::size_t most) override;
    void request_erasure(UserId subject, TimePoint now) override;

private:
    db::Database& db_;
    Random& random_;
};

}  // namespace csauth::store
