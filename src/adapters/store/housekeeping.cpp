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
    // After an outage the mailer begins with the newest mails. Mails that are too old must not wait for their
    // turn.
    gone += db_.execute(R"(
        UPDATE outbox
           SET state = 'failed', finished_at = ?, secret = NULL, last_error = 'it would be of no use any more',
               recipient = IF(template IN ('account_deleted', 'account_removed'), '', recipient),
               parameters = IF(template IN ('account_deleted', 'account_removed'), '{}', parameters)
         WHERE state = 'queued' AND give_up_at < ?
         LIMIT 500)",
                        {now, now});
    // Such pictures are from a time when an upload needed no confirmed address. The sweep of files removes
    // pictures that no row names.
    gone += db_.execute(
        "UPDATE users SET avatar = NULL WHERE verified_at IS NULL AND avatar IS NOT NULL LIMIT 500", {});
    gone += db_.execute("DELETE FROM reservations WHERE held_until < ? LIMIT 500", {now});
    gone += db_.execute("DELETE FROM recalls WHERE posted_at < ? LIMIT 500", {now - retention.recalls});
    gone += sweep_events(now - retention.events);
    gone += sweep_activity();
    gone += erase_traces(now);
    gone += db_.execute(R"(
        DELETE FROM devices
         WHERE last_seen_at < ? AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.device_id = devices.id)
         LIMIT 500)",
                        {now - retention.devices});
    return gone;
}

std::uint64_t Housekeeping::sweep_events(TimePoint before) {
    // The newest row stays, because its id shows how far the table once went.
    const auto newest = db_.find_one([](db::Row& row) { return row.integer("id"); },
                                     "SELECT id FROM events ORDER BY id DESC LIMIT 1");
    if (!newest) return 0;
    return db_.execute("DELETE FROM events WHERE created_at < ? AND id < ? LIMIT 500", {before, *newest});
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
    struct Open {
        UserId user;
        TimePoint requested_at;
        EntryId erased_to;
    };
    const auto open = db_.find_all(
        [](db::Row& row) {
            return Open{row.id<UserId>("user_id"), row.time("requested_at"),
                        row.optional_id<EntryId>("erased_to").value_or(EntryId{})};
        },
        "SELECT user_id, requested_at, erased_to FROM erasures ORDER BY user_id LIMIT 50");
    std::uint64_t erased = 0;
    for (const Open& erasure : open) {
        // A request that began before the deletion may still write entries about the user. So each look
        // covers the time since that request may have begun.
        const EntryId still_written{Uuid::first_of(erasure.requested_at - kLongestRequest)};
        const auto from =
            erasure.erased_to.uuid.bytes > still_written.uuid.bytes ? still_written : erasure.erased_to;
        const auto rows = erase_traces_of(erasure.user, from);
        if (rows == 0)
            db_.execute("DELETE FROM erasures WHERE user_id = ? AND requested_at < ?",
                        {erasure.user, now - kLongestRequest});
        erased += rows;
    }
    return erased;
}

std::uint64_t Housekeeping::erase_traces_of(UserId user, EntryId from) {
    // An IP address is personal data of the actor. If the actor is unknown, it belongs to the subject.
    const auto entries = db_.find_all([](db::Row& row) { return row.id<EntryId>("id"); }, R"(
        (SELECT id
           FROM audit_log FORCE INDEX (audit_log_about)
          WHERE subject_id = ? AND id > ?
            AND (detail_salt IS NOT NULL OR (actor_id IS NULL AND ip_salt IS NOT NULL))
          ORDER BY id
          LIMIT 500)
        UNION
        (SELECT id
           FROM audit_log FORCE INDEX (audit_log_by)
          WHERE actor_id = ? AND id > ? AND ip_salt IS NOT NULL
          ORDER BY id
          LIMIT 500)
        ORDER BY id
        LIMIT 500)",
                                      {user, from, user, from});
    if (entries.empty()) return 0;
    const EntryId to = entries.back();
    db_.execute(R"(
        UPDATE audit_log FORCE INDEX (audit_log_about)
           SET detail = '', detail_salt = NULL, ip = IF(actor_id IS NULL, '', ip),
               ip_salt = IF(actor_id IS NULL, NULL, ip_salt)
         WHERE subject_id = ? AND id > ? AND id <= ?)",
                {user, from, to});
    db_.execute(R"(
        UPDATE audit_log FORCE INDEX (audit_log_by)
           SET ip = '', ip_salt = NULL
         WHERE actor_id = ? AND id > ? AND id <= ?)",
                {user, from, to});
    db_.execute("UPDATE erasures SET erased_to = ? WHERE user_id = ?", {to, user});
    return entries.size();
}

}  // namespace csauth::store
