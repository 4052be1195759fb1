#include "store/event_writer.h"

namespace csauth::store {

void EventWriter::roles_changed(UserId user) { add(events::Kind::roles_changed, user, {}); }

void EventWriter::role_changed(std::string_view role) { add(events::Kind::roles_changed, {}, role); }

void EventWriter::session_ended(UserId user, SessionId session, std::string_view reason) {
    add(events::Kind::session_ended, user, {}, session, reason);
}

void EventWriter::sessions_ended(UserId user, std::optional<SessionId> kept, std::string_view reason) {
    add(kept ? events::Kind::other_sessions_ended : events::Kind::sessions_ended, user, {}, kept, reason);
}

void EventWriter::profile_changed(UserId user) { add(events::Kind::profile_changed, user, {}); }

void EventWriter::presence_changed(UserId user) { add(events::Kind::presence, user, {}); }

void EventWriter::add(events::Kind kind, std::optional<UserId> user, std::optional<std::string_view> role,
                      std::optional<SessionId> session, std::optional<std::string_view> reason) {
    has_news_ = true;
    db_.execute("INSERT INTO events (kind, user_id, role_name, session_id, reason) VALUES (?, ?, ?, ?, ?)",
                {name_of(kind), user, role, session, reason});
}

}  // namespace csauth::store
