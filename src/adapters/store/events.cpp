#include "store/events.h"

namespace csauth::store {

void Events::roles_changed(UserId user) { add(events::Kind::roles_changed, user, {}); }

void Events::role_changed(std::string_view role) { add(events::Kind::roles_changed, {}, role); }

void Events::session_ended(UserId user, SessionId session, std::string_view reason) {
    add(events::Kind::session_ended, user, {}, session, reason);
}

void Events::sessions_ended(UserId user, std::optional<SessionId> kept, std::string_view reason) {
    add(kept ? events::Kind::other_sessions_ended : events::Kind::sessions_ended, user, {}, kept, reason);
}

void Events::profile_changed(UserId user) { add(events::Kind::profile_changed, user, {}); }

void Events::presence_changed(UserId user) { add(events::Kind::presence, user, {}); }

void Events::add(events::Kind kind, std::optional<UserId> user, std::optional<std::string_view> role,
                 std::optional<SessionId> session, std::optional<std::string_view> reason) {
    has_news_ = true;
    db_.execute("INSERT INTO events (kind, user_id, role_name, session_id, reason) VALUES (?, ?, ?, ?, ?)",
                {name_of(kind), user, role, session, reason});
}

}  // namespace csauth::store
