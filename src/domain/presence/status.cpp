#include "presence/status.h"

#include <algorithm>
#include <stdexcept>

namespace csauth::presence {

std::string_view name_of(Status status) {
    switch (status) {
        case Status::offline: return "offline";
        case Status::invisible: return "invisible";
        case Status::away: return "away";
        case Status::busy: return "busy";
        case Status::online: return "online";
    }
    throw std::logic_error("a Status without a name");
}

Status status_numbered(std::int64_t number) {
    const bool is_known = number >= 0 && number <= static_cast<std::int64_t>(Status::online);
    return is_known ? static_cast<Status>(number) : Status::online;
}

Result<StatusName, Complaint> StatusName::parse(std::string_view given) {
    for (const Status status : {Status::invisible, Status::away, Status::busy, Status::online})
        if (given == name_of(status)) return StatusName{status};
    return Complaint{FieldCode::invalid, "A status is online, away, busy or invisible."};
}

Status together(Status a, Status b) {
    for (const Status chosen : {Status::invisible, Status::busy})
        if (a == chosen || b == chosen) return chosen;
    return std::max(a, b);
}

}  // namespace csauth::presence
