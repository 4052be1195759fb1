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
        case Action::password_changed: return "authn_password_change";
        case Action::password_reset: return "authn_password_reset";
        case Action::email_changed: return "user_email_changed";
        case Action::email_reverted: return "user_email_reverted";
        case Action::user_updated: return "user_updated";
        case Action::user_deleted: return "user_deleted";
        case Action::device_removed: return "user_device_removed";
        case Action::sessions_revoked: return "authn_session_revoked";
        case Action::everyone_recalled: return "sys_everyone_recalled";
        case Action::mail_administered: return "sys_mail_administered";
        case Action::login_throttled: return "authn_login_fail_max";
        case Action::permission_denied: return "authz_fail";
        case Action::roles_changed: return "authz_change";
        case Action::permissions_changed: return "privilege_permissions_changed";
        case Action::user_banned: return "user_banned";
        case Action::user_unbanned: return "user_unbanned";
        case Action::failures_counted: return "sys_failures_counted";
        case Action::keys_changed: return "sys_keys_changed";
        case Action::avatars_swept: return "sys_avatars_swept";
        case Action::schema_migrated: return "sys_schema_migrated";
        case Action::log_exported: return "sys_audit_exported";
    }
    throw std::logic_error("an Action without a name");
}

std::optional<Action> action_named(std::string_view name) {
    for (int i = 0; i <= static_cast<int>(kLastAction); ++i)
        if (name_of(static_cast<Action>(i)) == name) return static_cast<Action>(i);
    return std::nullopt;
}

std::string_view name_of(Outcome outcome) { return outcome == Outcome::success ? "success" : "failure"; }

}  // namespace csauth::audit
