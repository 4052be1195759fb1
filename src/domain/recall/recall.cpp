#include "recall/recall.h"

#include "base/encoding.h"
#include "base/enum_names.h"

namespace csauth::recall {
namespace {

constexpr EnumNames kKindNames{std::to_array<NameOf<Kind>>({
    {Kind::session, "session"},
    {Kind::user, "user"},
    {Kind::role, "role"},
    {Kind::everyone, "everyone"},
})};

}  // namespace

std::string_view name_of(Kind kind) { return kKindNames.of(kind); }

std::optional<Kind> kind_named(std::string_view name) { return kKindNames.find(name); }

Recall Recall::of(SessionId id) { return {Kind::session, std::string{as_text(id.uuid.bytes)}}; }
Recall Recall::of(UserId id) { return {Kind::user, std::string{as_text(id.uuid.bytes)}}; }
Recall Recall::of_role(std::string_view name) { return {Kind::role, std::string{name}}; }

}  // namespace csauth::recall
