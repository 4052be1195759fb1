#include "sessions/session_list.h"

#include <algorithm>

namespace csauth::sessions {

SessionList::SessionList(const Ports& ports, const Activity& activity)
    : sessions_{ports.sessions},
      devices_{ports.devices},
      activity_{activity},
      audit_{ports.audit},
      transactions_{ports.transactions},
      clock_{ports.clock} {}

std::vector<Session> SessionList::of(UserId user) {
    auto live = sessions_.live_of(user, clock_.now());
    for (Session& session : live)
        if (const auto seen = activity_.find(session.id))
            session.last_active_at = std::max(session.last_active_at, seen->at);
    std::stable_sort(live.begin(), live.end(),
                     [](const Session& a, const Session& b) { return a.last_active_at > b.last_active_at; });
    return live;
}

Result<void> SessionList::end(SessionId id, UserId user, const Origin& origin) {
    const TimePoint now = clock_.now();
    return transactions_.run([&]() -> Result<void> {
        if (!sessions_.end(id, user, EndReason::signed_out, now)) return Error{.code = ErrorCode::not_found};
        devices_.detach_idle(user, now);
        audit_.record({.action = audit::Action::logout,
                       .actor = user,
                       .subject = user,
                       .detail = "session " + id.text()},
                      origin, now);
        return {};
    });
}

}  // namespace csauth::sessions
