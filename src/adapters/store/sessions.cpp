#include "store/sessions.h"

#include <algorithm>

#include "crypto/digest.h"
#include "store/devices.h"
#include "store/live_session.h"
#include "store/role_row.h"

namespace csauth::store {
namespace {

/// The possible numbers of rows in a statement. They are few, so that there are few statements to prepare.
constexpr std::array<std::size_t, 5> kRowsOfStatement{256, 64, 16, 4, 1};

const std::string kSelectSession = R"(
        SELECT s.id, s.user_id, s.device_id, d.type AS device_type, d.name AS device_name, s.epoch, s.counter,
               s.created_at, s.refreshed_at, s.expires_at, s.ip, s.user_agent,
               (SELECT COALESCE(MAX(a.seen_counter), 0) FROM session_activity a WHERE a.session_id = s.id)
                   AS seen_counter,
               GREATEST(s.refreshed_at, COALESCE((SELECT MAX(a.last_active_at) FROM session_activity a
                                                   WHERE a.session_id = s.id), s.refreshed_at))
                   AS last_active_at)";

/// Gives a row for each of the user's roles, or one without a role if the user has none.
const std::string kSelectForRefresh = R"(
        SELECT s.user_id, s.epoch, s.counter, s.expires_at, u.username, u.email, u.full_name,
               u.verified_at IS NOT NULL AS is_verified, h.role_name AS held,)" +
                                      kRoleColumns + R"(
          FROM sessions s
          JOIN users u ON u.id = s.user_id AND u.epoch = s.epoch
          LEFT JOIN user_roles h ON h.user_id = s.user_id
          LEFT JOIN roles r ON r.name = h.role_name
         WHERE s.id = ? AND s.ended_at IS NULL AND s.expires_at > ? AND s.refreshed_at > ?
           AND u.banned_at IS NULL)";

sessions::Session session_from(const db::Row& row) {
    return {.id = row.id<SessionId>("id"),
            .user = row.id<UserId>("user_id"),
            .device = {row.id<DeviceId>("device_id"), device_type_from(row, "device_type"),
                       row.text("device_name")},
            .epoch = static_cast<users::Epoch>(row.integer("epoch")),
            .counter = static_cast<sessions::Counter>(row.integer("counter")),
            .seen_counter = static_cast<sessions::Counter>(row.integer("seen_counter")),
            .created_at = row.time("created_at"),
            .refreshed_at = row.time("refreshed_at"),
            .last_active_at = row.time("last_active_at"),
            .expires_at = row.time("expires_at"),
            .ip = row.text("ip"),
            .user_agent = row.text("user_agent")};
}

}  // namespace

bool Sessions::add(const sessions::Session& session) {
    return db_.execute(
               R"(
        INSERT INTO sessions (id, user_id, device_id, epoch, counter, created_at, refreshed_at, expires_at, ip,
                              user_agent)
        SELECT ?, id, ?, epoch, ?, ?, ?, ?, ?, ?
          FROM users
         WHERE id = ? AND epoch = ?)",
               {session.id, session.device.id, session.counter, session.created_at, session.refreshed_at,
                session.expires_at, session.ip, session.user_agent, session.user, session.epoch}) == 1;
}

std::optional<sessions::LiveSession> Sessions::find_live(SessionId id, TimePoint now) {
    return db_.find_one(
        [](db::Row& row) {
            return sessions::LiveSession{session_from(row),
                                         {.id = row.id<UserId>("user_id"),
                                          .username = row.text("username"),
                                          .email = row.text("email"),
                                          .full_name = row.text("full_name"),
                                          .is_verified = row.optional_time("verified_at").has_value()}};
        },
        kSelectSession + R"(, u.username, u.email, u.full_name, u.verified_at
          FROM sessions s
          JOIN users u ON u.id = s.user_id AND u.epoch = s.epoch
          JOIN devices d ON d.id = s.device_id
         WHERE s.id = ? AND )" +
            kIsLive,
        {id, now, now - idle_, now - idle_, now});
}

std::optional<sessions::TokenSession> Sessions::find_for_refresh(SessionId id, TimePoint now) {
    std::optional<sessions::TokenSession> found;
    const auto take = [&](db::Row& row) {
        if (!found) {
            const auto user = row.id<UserId>("user_id");
            found.emplace(
                sessions::TokenSession{{{.id = id,
                                         .user = user,
                                         .epoch = static_cast<users::Epoch>(row.integer("epoch")),
                                         .counter = static_cast<sessions::Counter>(row.integer("counter")),
                                         .expires_at = row.time("expires_at")},
                                        {.id = user,
                                         .username = row.text("username"),
                                         .email = row.text("email"),
                                         .full_name = row.text("full_name"),
                                         .is_verified = row.flag("is_verified")}},
                                       {}});
        }
        if (row.optional_text("held")) found->held.push_back(role_from(row));
    };
    db_.for_each(take, kSelectForRefresh, {id, now, now - idle_});
    if (found) std::sort(found->held.begin(), found->held.end(), roles::outranks);
    return found;
}

bool Sessions::advance_if_unchanged(const sessions::Session& found, TimePoint now) {
    return db_.execute(R"(
        UPDATE sessions SET counter = counter + 1, refreshed_at = ?
         WHERE id = ? AND counter = ? AND epoch = ? AND ended_at IS NULL)",
                       {now, found.id, found.counter, found.epoch}) == 1;
}

bool Sessions::touch(const sessions::Session& found, TimePoint now) {
    return db_.execute(R"(
        UPDATE sessions SET refreshed_at = ?
         WHERE id = ? AND counter = ? AND epoch = ? AND ended_at IS NULL)",
                       {now, found.id, found.counter, found.epoch}) == 1;
}

std::vector<sessions::Session> Sessions::live_of(UserId user, TimePoint now) {
    return db_.find_all(session_from,
                        kSelectSession + R"(
          FROM sessions s
          JOIN users u ON u.id = s.user_id AND u.epoch = s.epoch
          JOIN devices d ON d.id = s.device_id
         WHERE s.user_id = ? AND )" +
                            kIsLive + " ORDER BY last_active_at DESC, s.id DESC",
                        {user, now, now - idle_, now - idle_, now});
}

bool Sessions::advance(SessionId id, sessions::Counter from, TimePoint now) {
    return db_.execute(R"(
        UPDATE sessions s
          JOIN users u ON u.id = s.user_id AND u.epoch = s.epoch
           SET s.counter = s.counter + 1, s.refreshed_at = ?
         WHERE s.id = ? AND s.counter = ? AND )" +
                           kIsLive,
                       {now, id, from, now, now - idle_, now - idle_, now}) == 1;
}

void Sessions::note_seen(std::span<const sessions::Sighting> sightings) {
    while (!sightings.empty()) {
        const std::size_t rows = *std::find_if(kRowsOfStatement.begin(), kRowsOfStatement.end(),
                                               [&](std::size_t size) { return size <= sightings.size(); });
        std::string sql =
            "INSERT INTO session_activity (session_id, node_id, seen_counter, last_active_at) VALUES ";
        std::vector<db::Value> values;
        for (const auto& sighting : sightings.first(rows)) {
            sql += values.empty() ? "(?, ?, ?, ?)" : ", (?, ?, ?, ?)";
            for (const db::Value& value :
                 std::initializer_list<db::Value>{sighting.session, node_, sighting.counter, sighting.at})
                values.push_back(value);
        }
        db_.execute(sql + R"(
            ON DUPLICATE KEY UPDATE seen_counter = GREATEST(seen_counter, VALUES(seen_counter)),
                                    last_active_at = GREATEST(last_active_at, VALUES(last_active_at)))",
                    values);
        sightings = sightings.subspan(rows);
    }
}

void Sessions::adopt_epoch(SessionId id, UserId user) {
    db_.execute(R"(
        UPDATE sessions s
          JOIN users u ON u.id = s.user_id
           SET s.epoch = u.epoch
         WHERE s.id = ? AND s.user_id = ? AND s.ended_at IS NULL)",
                {id, user});
}

sessions::Past Sessions::past_of(const sessions::Session& session) {
    return db_
        .find_one(
            [](db::Row& row) {
                return sessions::Past{static_cast<std::size_t>(row.integer("devices")),
                                      static_cast<std::size_t>(row.integer("sessions")),
                                      row.flag("has_same_place")};
            },
            R"(
        SELECT (SELECT COUNT(*) FROM devices WHERE user_id = ?) AS devices,
               (SELECT COUNT(*) FROM sessions WHERE user_id = ? AND ended_at IS NULL) AS sessions,
               EXISTS (SELECT 1 FROM sessions WHERE user_id = ? AND id <> ? AND ip = ? AND user_agent = ?)
                   AS has_same_place)",
            {session.user, session.user, session.user, session.id, session.ip, session.user_agent})
        .value_or(sessions::Past{});
}

std::size_t Sessions::unended_of(UserId user) {
    const auto count =
        db_.find_one([](db::Row& row) { return row.integer("count"); },
                     "SELECT COUNT(*) AS count FROM sessions WHERE user_id = ? AND ended_at IS NULL", {user});
    return static_cast<std::size_t>(count.value_or(0));
}

std::vector<sessions::SessionRecord> Sessions::newest_of(UserId user, std::size_t most) {
    return db_.find_all(
        [](db::Row& row) {
            return sessions::SessionRecord{session_from(row), row.optional_time("ended_at"),
                                           row.optional_text("end_reason").value_or("")};
        },
        // An index gives the ids first, because a user may have very many ended sessions.
        kSelectSession + R"(, s.ended_at, s.end_reason
          FROM (SELECT id FROM sessions WHERE user_id = ? ORDER BY created_at DESC, id DESC LIMIT ?) newest
          JOIN sessions s ON s.id = newest.id
          JOIN devices d ON d.id = s.device_id
         ORDER BY s.created_at DESC, s.id DESC)",
        {user, most});
}

bool Sessions::end(SessionId id, UserId user, sessions::EndReason reason, TimePoint now) {
    const bool ended = db_.execute(R"(
        UPDATE sessions SET ended_at = ?, end_reason = ? WHERE id = ? AND user_id = ? AND ended_at IS NULL)",
                                   {now, name_of(reason), id, user}) == 1;
    if (ended) {
        recalls_.post(recall::Recall::of(id));
        events_.session_ended(user, id, name_of(reason));
    }
    return ended;
}

void Sessions::end_all(UserId user, std::optional<SessionId> kept, sessions::EndReason reason,
                       TimePoint now) {
    const auto ended = db_.execute(R"(
        UPDATE sessions SET ended_at = ?, end_reason = ?
         WHERE user_id = ? AND ended_at IS NULL AND id <> ?)",
                                   {now, name_of(reason), user, kept.value_or(SessionId{})});
    if (ended == 0) return;
    recalls_.post(recall::Recall::of(user));
    events_.sessions_ended(user, kept, name_of(reason));
}

void Sessions::end_on_device(UserId user, DeviceId device, sessions::EndReason reason, TimePoint now) {
    const auto on_it = db_.find_all(
        [](db::Row& row) { return row.id<SessionId>("id"); },
        "SELECT id FROM sessions WHERE device_id = ? AND user_id = ? AND ended_at IS NULL", {device, user});
    for (const SessionId id : on_it)
        end(id, user, reason, now);
}

bool Sessions::end_oldest(UserId user, std::size_t most, TimePoint now) {
    // Few users are over the limit, and a read takes no lock. So the query comes first.
    const auto surplus = db_.find_all([](db::Row& row) { return row.id<SessionId>("id"); }, R"(
        SELECT id FROM sessions
         WHERE user_id = ? AND ended_at IS NULL
         ORDER BY created_at DESC, id DESC
         LIMIT 1000 OFFSET ?)",
                                      {user, most});
    for (const SessionId id : surplus)
        end(id, user, sessions::EndReason::too_many, now);
    return !surplus.empty();
}

}  // namespace csauth::store
