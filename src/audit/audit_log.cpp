#include "audit/audit_log.h"

#include <stdexcept>

namespace csauth::audit {

std::string_view name_of(Action action) {
    switch (action) {
        case Action::user_created: return "user_created";
        case Action::email_verified: return "user_email_verified";
        case Action::login_succeeded: return "authn_login_success";
        case Action::login_failed: return "authn_login_fail";
        case Action::logout: return "authn_logout";
        case Action::token_reused: return "authn_token_reuse";
        case Action::password_rehashed: return "authn_password_rehash";
    }
    throw std::logic_error("an Action without a name");
}

std::string_view name_of(Outcome outcome) { return outcome == Outcome::success ? "success" : "failure"; }

}  // namespace csauth::audit
