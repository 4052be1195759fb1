#include "sessions/session.h"

#include <stdexcept>

namespace csauth::sessions {

std::string_view name_of(EndReason reason) {
    switch (reason) {
        case EndReason::signed_out: return "signed_out";
        case EndReason::token_reused: return "token_reused";
        case EndReason::too_many: return "too_many";
        case EndReason::password_changed: return "password_changed";
        case EndReason::password_reset: return "password_reset";
        case EndReason::email_reverted: return "email_reverted";
        case EndReason::replaced: return "replaced";
        case EndReason::revoked: return "revoked";
        case EndReason::banned: return "banned";
    }
    throw std::logic_error("an EndReason without a name");
}

}  // namespace csauth::sessions
