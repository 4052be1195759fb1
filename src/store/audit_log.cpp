#include "store/audit_log.h"

namespace csauth::store {

void AuditLog::record(const audit::Act& act, const Origin& origin, TimePoint now) {
    db_.execute(R"(
        INSERT INTO audit_log (id, at, actor_id, subject_id, action, outcome, ip, request_id, detail)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?))",
                {Uuid::v7(now, random_), now, act.actor, act.subject, name_of(act.action),
                 name_of(act.outcome), origin.ip, origin.request_id, act.detail});
}

std::vector<audit::Entry> AuditLog::entries_about(UserId subject, std::size_t most) {
    return db_.find_all(
        [](db::Row& row) {
            return audit::Entry{.at = row.time("at"),
                                .action = row.text("action"),
                                .outcome = row.text("outcome"),
                                .actor = row.optional_id<UserId>("actor_id"),
                                .ip = row.text("ip"),
                                .request_id = row.text("request_id"),
                                .detail = row.text("detail")};
        },
        R"(
        SELECT at, action, outcome, actor_id, ip, request_id, detail
          FROM audit_log
         WHERE subject_id = ?
         ORDER BY at DESC
         LIMIT ?)",
        {subject, most});
}

void AuditLog::request_erasure(UserId subject, TimePoint now) {
    db_.execute("INSERT IGNORE INTO erasures (user_id, requested_at) VALUES (?, ?)", {subject, now});
}

}  // namespace csauth::store
