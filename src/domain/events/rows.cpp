#include "events/rows.h"

#include <stdexcept>

namespace csauth::events {

std::string_view name_of(Kind kind) {
    switch (kind) {
        case Kind::presence: return "presence";
        case Kind::session_ended: return "session.ended";
        case Kind::sessions_ended: return "sessions.ended";
        case Kind::other_sessions_ended: return "other_sessions.ended";
        case Kind::roles_changed: return "roles.changed";
        case Kind::profile_changed: return "profile.changed";
    }
    throw std::logic_error("a Kind without a name");
}

std::optional<Kind> kind_named(std::string_view name) {
    for (const Kind kind : {Kind::presence, Kind::session_ended, Kind::sessions_ended,
                            Kind::other_sessions_ended, Kind::roles_changed, Kind::profile_changed})
        if (name == name_of(kind)) return kind;
    return std::nullopt;
}

}  // namespace csauth::events
