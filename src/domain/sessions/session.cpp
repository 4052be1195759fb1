#include "sessions/session.h"

#include "base/enum_names.h"

namespace csauth::sessions {
namespace {

constexpr EnumNames kEndReasonNames{std::to_array<NameOf<EndReason>>({
    {EndReason::signed_out, "signed_out"},
    {EndReason::token_reused, "token_reused"},
    {EndReason::too_many, "too_many"},
    {EndReason::password_changed, "password_changed"},
    {EndReason::password_reset, "password_reset"},
    {EndReason::email_reverted, "email_reverted"},
    {EndReason::replaced, "replaced"},
    {EndReason::revoked, "revoked"},
    {EndReason::banned, "banned"},
})};

}  // namespace

std::string_view name_of(EndReason reason) { return kEndReasonNames.of(reason); }

}  // namespace csauth::sessions
