#include "presence/status.h"

#include <algorithm>

#include "base/enum_names.h"

namespace csauth::presence {
namespace {

constexpr EnumNames kStatusNames{std::to_array<NameOf<Status>>({
    {Status::offline, "offline"},
    {Status::invisible, "invisible"},
    {Status::away, "away"},
    {Status::busy, "busy"},
    {Status::online, "online"},
})};

}  // namespace

std::string_view name_of(Status status) { return kStatusNames.of(status); }

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
