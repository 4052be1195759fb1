#include "store/session_search.h"

#include "sessions/session.h"
#include "store/live_session.h"

namespace csauth::store {

std::optional<std::vector<FoundSession>> SessionSearch::next(const SessionFilter& filter, SessionId& after,
                                                             TimePoint now) {
    const auto part = db_.find_all(
        [](db::Row& row) {
            return FoundSession{row.id<SessionId>("id"), row.id<UserId>("user_id"), row.text("username"),
                                row.text("ip"),          row.text("user_agent"),    row.time("created_at")};
        },
        R"(
        SELECT s.id, s.user_id, u.username, s.ip, s.user_agent, s.created_at
          FROM sessions s
          JOIN users u ON u.id = s.user_id AND u.epoch = s.epoch
         WHERE s.id > ?
           AND (? IS NULL OR s.user_id = ?)
           AND (? IS NULL OR s.created_at < ?)
           AND (? IS NULL OR EXISTS (SELECT 1 FROM user_roles h WHERE h.user_id = s.user_id AND h.role_name = ?))
           AND )" +
            kIsLive + " ORDER BY s.id LIMIT 500",
        {after, filter.user, filter.user, filter.created_before, filter.created_before, filter.role,
         filter.role, now, now - idle_, now - idle_, now});
    if (part.empty()) return std::nullopt;
    after = part.back().id;
    std::vector<FoundSession> found;
    for (const auto& session : part)
        if (!filter.address || filter.address->contains(session.ip)) found.push_back(session);
    return found;
}

std::uint64_t SessionSearch::end_some(TimePoint opened_before, TimePoint now) {
    return db_.execute(R"(
        UPDATE sessions SET ended_at = ?, end_reason = ?
         WHERE ended_at IS NULL AND created_at <= ?
         LIMIT 500)",
                       {now, name_of(sessions::EndReason::revoked), opened_before}) +
           db_.execute(
               R"(
        UPDATE one_time_tokens
           SET expires_at = ?, code_expires_at = LEAST(code_expires_at, ?)
         WHERE expires_at > ? AND created_at <= ?
         LIMIT 500)",
               {now, now, now, opened_before});
}

}  // namespace csauth::store
