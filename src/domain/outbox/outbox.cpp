#include "outbox/outbox.h"

#include "base/enum_names.h"

namespace csauth::outbox {
namespace {

constexpr EnumNames kRequestKindNames{std::to_array<NameOf<RequestKind>>({
    {RequestKind::verify_email, "verify_email"},
    {RequestKind::already_registered, "already_registered"},
    {RequestKind::reset_password, "reset_password"},
    {RequestKind::change_email, "change_email"},
})};

}  // namespace

std::string_view name_of(RequestKind kind) { return kRequestKindNames.of(kind); }

}  // namespace csauth::outbox
