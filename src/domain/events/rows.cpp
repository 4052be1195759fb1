#include "events/rows.h"

#include "base/enum_names.h"

namespace csauth::events {
namespace {

constexpr EnumNames kKindNames{std::to_array<NameOf<Kind>>({
    {Kind::presence, "presence"},
    {Kind::session_ended, "session.ended"},
    {Kind::sessions_ended, "sessions.ended"},
    {Kind::other_sessions_ended, "other_sessions.ended"},
    {Kind::roles_changed, "roles.changed"},
    {Kind::profile_changed, "profile.changed"},
})};

}  // namespace

std::string_view name_of(Kind kind) { return kKindNames.of(kind); }

std::optional<Kind> kind_named(std::string_view name) { return kKindNames.find(name); }

}  // namespace csauth::events
