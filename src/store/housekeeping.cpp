#include "store/housekeeping.h"

namespace csauth::store {
namespace {

constexpr std::chrono::minutes kLongestRequest{10};

}  // namespace

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
    // Behind an outage the mailer begins with the newest; what is of no use any more must not wait for its
    // turn.
    gone += db_.execute(R"(
        UPDATE outbox
           SET state = 'failed', finished_at = ?, secret = NULL, last_error = 'it would be of no use any more',
               recipient = IF(template IN ('account_deleted', 'account_removed'), '', recipient),
               parameters = IF(template IN ('account_deleted', 'account_removed'), '{}', parameters)
         WHERE state = 'queued' AND give_up_at < ?
         LIMIT 500)",
                        {now, now});
    gone += db_.execute("DELETE FROM reservations WHERE held_until < ? LIMIT 500", {now});
    gone += db_.execute("DELETE FROM recalls WHERE posted_at < ? LIMIT 500", {now - retention.recalls});
    gone += db_.execute("DELETE FROM events WHERE created_at < ? LIMIT 500", {now - retention.events});
    gone += sweep_activity();
    gone += erase_traces(now);
    gone += db_.execute(R"(
        DELETE FROM devices
         WHERE last_seen_at < ? AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.device_id = devices.id)
         LIMIT 500)",
                        {now - retention.devices});
    return gone;
}

std::uint64_t Housekeeping::sweep_activity() {
    struct Seen {
        SessionId session;
        bool is_orphan;
    };
    const auto part = db_.find_all(
        [](db::Row& row) {
            return Seen{row.id<SessionId>("session_id"), row.flag("is_orphan")};
        },
        R"(
        SELECT a.session_id, s.id IS NULL AS is_orphan
          FROM session_activity a
          LEFT JOIN sessions s ON s.id = a.session_id
         WHERE a.session_id > ?
         ORDER BY a.session_id
         LIMIT 1000)",
        {activity_swept_to_});
    activity_swept_to_ = part.empty() ? SessionId{} : part.back().session;
    std::uint64_t gone = 0;
    for (const Seen& seen : part)
        if (seen.is_orphan)
            gone += db_.execute("DELETE FROM session_activity WHERE session_id = ?", {seen.session});
    return gone;
}

std::uint64_t Housekeeping::erase_traces(TimePoint now) {
    const auto users = db_.find_all([](db::Row& row) { return row.id<UserId>("user_id"); },
                                    "SELECT user_id FROM erasures ORDER BY user_id LIMIT 50");
    std::uint64_t erased = 0;
    for (const UserId user : users) {
        // An address is personal to who acted; where nobody is known to have, to whom it was done.
        const auto rows = db_.execute(R"(
            UPDATE audit_log
               SET detail = '', detail_salt = NULL
             WHERE subject_id = ? AND detail_salt IS NOT NULL
             LIMIT 500)",
                                      {user}) +
                          db_.execute(R"(
            UPDATE audit_log
               SET ip = '', ip_salt = NULL
             WHERE actor_id = ? AND ip_salt IS NOT NULL
             LIMIT 500)",
                                      {user}) +
                          db_.execute(R"(
            UPDATE audit_log
               SET ip = '', ip_salt = NULL
             WHERE subject_id = ? AND actor_id IS NULL AND ip_salt IS NOT NULL
             LIMIT 500)",
                                      {user});
        // A request that was under way may still have written of them.
        if (rows == 0)
            db_.execute("DELETE FROM erasures WHERE user_id = ? AND requested_at < ?",
                        {user, now - kLongestRequest});
        erased += rows;
    }
    return erased;
}

}  // namespace csauth::store
