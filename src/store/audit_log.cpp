#include "store/audit_log.h"

namespace csauth::store {

void AuditLog::record(const audit::Act& act, const Origin& origin, TimePoint now) {
    db_.execute(R"(
        INSERT INTO audit_log (id, at, actor_id, subject_id, action, outcome, ip, request_id, detail)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?))",
                {Uuid::v7(now, random_), now, act.actor, act.subject, name_of(act.action),
                 name_of(act.outcome), origin.ip, origin.request_id, act.detail});
}

}  // namespace csauth::store
