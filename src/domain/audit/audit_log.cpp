#include "audit/audit_log.h"

#include "base/enum_names.h"

namespace csauth::audit {
namespace {

constexpr EnumNames kActionNames{std::to_array<NameOf<Action>>({
    {Action::user_created, "user_created"},
    {Action::email_verified, "user_email_verified"},
    {Action::login_succeeded, "authn_login_success"},
    {Action::login_failed, "authn_login_fail"},
    {Action::logout, "authn_logout"},
    {Action::token_reused, "authn_token_reuse"},
    {Action::password_rehashed, "authn_password_rehash"},
    {Action::password_changed, "authn_password_change"},
    {Action::password_reset, "authn_password_reset"},
    {Action::email_changed, "user_email_changed"},
    {Action::email_reverted, "user_email_reverted"},
    {Action::user_updated, "user_updated"},
    {Action::user_deleted, "user_deleted"},
    {Action::device_removed, "user_device_removed"},
    {Action::sessions_revoked, "authn_session_revoked"},
    {Action::everyone_recalled, "sys_everyone_recalled"},
    {Action::mail_administered, "sys_mail_administered"},
    {Action::login_throttled, "authn_login_fail_max"},
    {Action::permission_denied, "authz_fail"},
    {Action::roles_changed, "authz_change"},
    {Action::permissions_changed, "privilege_permissions_changed"},
    {Action::user_banned, "user_banned"},
    {Action::user_unbanned, "user_unbanned"},
    {Action::failures_counted, "sys_failures_counted"},
    {Action::keys_changed, "sys_keys_changed"},
    {Action::avatars_swept, "sys_avatars_swept"},
    {Action::schema_migrated, "sys_schema_migrated"},
    {Action::log_exported, "sys_audit_exported"},
})};

}  // namespace

std::string_view name_of(Action action) { return kActionNames.of(action); }

std::optional<Action> action_named(std::string_view name) { return kActionNames.find(name); }

std::string_view name_of(Outcome outcome) { return outcome == Outcome::success ? "success" : "failure"; }

}  // namespace csauth::audit
