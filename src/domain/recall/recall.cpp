#include "recall/recall.h"

#include <stdexcept>

#include "base/encoding.h"

namespace csauth::recall {

std::string_view name_of(Kind kind) {
    switch (kind) {
        case Kind::session: return "session";
        case Kind::user: return "user";
        case Kind::role: return "role";
        case Kind::everyone: return "everyone";
    }
    throw std::logic_error("a recall::Kind without a name");
}

std::optional<Kind> kind_named(std::string_view name) {
    for (const auto kind : {Kind::session, Kind::user, Kind::role, Kind::everyone})
        if (name == name_of(kind)) return kind;
    return std::nullopt;
}

Recall Recall::of(SessionId id) { return {Kind::session, std::string{as_text(id.uuid.bytes)}}; }
Recall Recall::of(UserId id) { return {Kind::user, std::string{as_text(id.uuid.bytes)}}; }
Recall Recall::of_role(std::string_view name) { return {Kind::role, std::string{name}}; }

}  // namespace csauth::recall
