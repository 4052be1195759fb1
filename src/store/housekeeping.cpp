#include "store/housekeeping.h"

namespace csauth::store {

bool Housekeeping::take_lease(TimePoint now, TimePoint until) {
    db_.execute("INSERT IGNORE INTO leases (name, owner, held_until) VALUES ('housekeeping', ?, ?)",
                {owner_, now});
    return db_.execute(R"(
        UPDATE leases SET owner = ?, held_until = ?
         WHERE name = 'housekeeping' AND (owner = ? OR held_until <= ?))",
                       {owner_, until, owner_, now}) == 1;
}

std::uint64_t Housekeeping::sweep(const Retention& retention, TimePoint now) {
    std::uint64_t gone = 0;
    gone +=
        db_.execute("DELETE FROM sessions WHERE expires_at < ? LIMIT 500", {now - retention.ended_sessions});
    gone +=
        db_.execute("DELETE FROM sessions WHERE ended_at < ? LIMIT 500", {now - retention.ended_sessions});
    gone += db_.execute("DELETE FROM one_time_tokens WHERE expires_at < ? LIMIT 500",
                        {now - retention.one_time_tokens});
    gone +=
        db_.execute("DELETE FROM outbox WHERE finished_at < ? LIMIT 500", {now - retention.finished_mail});
    gone += db_.execute("DELETE FROM mail_requests WHERE handled_at < ? LIMIT 500",
                        {now - retention.mail_requests});
    gone += db_.execute(R"(
        DELETE FROM devices
         WHERE last_seen_at < ? AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.device_id = devices.id)
         LIMIT 500)",
                        {now - retention.devices});
    return gone;
}

}  // namespace csauth::store
