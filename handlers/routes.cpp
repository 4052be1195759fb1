#include "handlers/routes.h"

#include "base/enum_names.h"
#include "handlers/handlers.h"

namespace csauth::handlers {
namespace {

constexpr roles::Flag kManagesUsers = &roles::Flags::can_manage_users;
constexpr roles::Flag kManagesRoles = &roles::Flags::can_manage_roles;
constexpr roles::Flag kBansUsers = &roles::Flags::can_ban_users;

// `describe` generates nginx' maps from this table.
constexpr Route kRoutes[] = {
    // method, path, access, pool, limit, body, handler, permission, subject, unconfirmed callers
    given({"POST", "/api/register", Access::anyone, Pool::hash, Limit::registration, Body::json,
           register_account}),
    given({"POST", "/api/login", Access::anyone, Pool::hash, Limit::login, Body::json, login}),
    given({"POST", "/api/token", Access::anyone, Pool::hash, Limit::login, Body::json, obtain_token}),
    given({"POST", "/api/token/refresh", Access::refresh_token, Pool::api, Limit::refresh,
           Body::optional_json, refresh_token}),
    // The Django service has both routes under this doubled prefix, too.
    given({"POST", "/api/api/token", Access::anyone, Pool::hash, Limit::login, Body::json, obtain_token}),
    given({"POST", "/api/api/token/refresh", Access::refresh_token, Pool::api, Limit::refresh,
           Body::optional_json, refresh_token}),
    given({"POST", "/api/token/blacklist", Access::refresh_token, Pool::api, Limit::refresh, Body::json,
           blacklist_token}),
    given({"POST", "/api/token/verify", Access::anyone, Pool::api, Limit::check, Body::json, verify_token}),
    refused_as(Refusals::oauth, {"POST", "/oauth/introspect", Access::client_secret, Pool::api, Limit::none,
                                 Body::form, introspect_token}),
    given({"POST", "/api/logout", Access::signed_in_or_expired, Pool::api, Limit::none, Body::optional_json,
           logout}),
    refused_as(Refusals::auth_request, {"GET", "/auth/verify", Access::forward_auth, Pool::edge, Limit::none,
                                        Body::none, verify_request}),
    refused_as(Refusals::proxy, {"GET", "/auth/forward/{requirement}", Access::forward_auth, Pool::edge,
                                 Limit::none, Body::none, forward_request}),
    {"GET", "/api/sessions", Access::signed_in, Pool::api, Limit::none, Body::none, list_sessions},
    {"DELETE", "/api/sessions/{id}", Access::signed_in, Pool::api, Limit::none, Body::none, end_session},
    {"GET", "/api/devices", Access::signed_in, Pool::api, Limit::none, Body::none, list_devices},
    {"POST", "/api/devices", Access::signed_in, Pool::api, Limit::none, Body::json, update_own_device},
    {"PATCH", "/api/devices/{id}", Access::signed_in, Pool::api, Limit::none, Body::json, change_device},
    {"DELETE", "/api/devices/{id}", Access::signed_in, Pool::api, Limit::none, Body::none, delete_device},
    {"PUT", "/api/presence", Access::signed_in, Pool::edge, Limit::none, Body::json, put_presence},
    {"GET", "/api/presence", Access::signed_in, Pool::api, Limit::none, Body::none, show_presence, nullptr,
     Subject::anyone},
    {"GET", "/api/presence/stream", Access::signed_in, Pool::stream, Limit::none, Body::none, open_stream,
     nullptr, Subject::anyone},
    {"GET", "/internal/push-targets", Access::internal_key, Pool::api, Limit::none, Body::none, push_targets},
    {"GET", "/api/me", Access::signed_in, Pool::api, Limit::none, Body::none, show_me},
    {"PATCH", "/api/me", Access::signed_in, Pool::api, Limit::profile, Body::json, change_me},
    {"DELETE", "/api/me", Access::signed_in, Pool::hash, Limit::change, Body::json, delete_me},
    {"PUT", "/api/me/avatar", Access::signed_in, Pool::api, Limit::upload, Body::picture, put_avatar, nullptr,
     Subject::own, Unconfirmed::refused},
    {"DELETE", "/api/me/avatar", Access::signed_in, Pool::api, Limit::none, Body::none, delete_avatar},
    given({"GET", "/api/profile", Access::signed_in, Pool::api, Limit::none, Body::none, show_me}),
    given({"PATCH", "/api/profile", Access::signed_in, Pool::hash, Limit::profile, Body::json_or_upload,
           change_profile}),
    given({"PUT", "/api/profile", Access::signed_in, Pool::hash, Limit::profile, Body::json_or_upload,
           change_profile}),
    {"GET", "/api/me/export", Access::signed_in, Pool::api, Limit::exports, Body::none, export_me},
    {"GET", "/api/me/activity", Access::signed_in, Pool::api, Limit::none, Body::none, list_activity},
    {"GET", "/api/users", Access::signed_in, Pool::api, Limit::none, Body::none, list_users, kManagesUsers,
     Subject::anyone},
    {"POST", "/api/users", Access::signed_in, Pool::api, Limit::none, Body::json, invite_user, kManagesUsers,
     Subject::anyone},
    {"GET", "/api/users/{id}", Access::signed_in, Pool::api, Limit::none, Body::none, show_user, nullptr,
     Subject::anyone},
    {"PATCH", "/api/users/{id}", Access::signed_in, Pool::api, Limit::none, Body::json, change_user,
     kManagesUsers, Subject::lower},
    {"DELETE", "/api/users/{id}", Access::signed_in, Pool::api, Limit::none, Body::none, delete_user,
     kManagesUsers, Subject::lower},
    {"POST", "/api/users/{id}/invitation", Access::signed_in, Pool::api, Limit::none, Body::none,
     invite_user_again, kManagesUsers, Subject::lower},
    {"POST", "/api/users/{id}/ban", Access::signed_in, Pool::api, Limit::none, Body::json, ban_user,
     kBansUsers, Subject::lower},
    {"DELETE", "/api/users/{id}/ban", Access::signed_in, Pool::api, Limit::none, Body::none, unban_user,
     kBansUsers, Subject::lower},
    {"POST", "/api/users/{id}/logout", Access::signed_in, Pool::api, Limit::none, Body::none, log_user_out,
     kManagesUsers, Subject::lower},
    {"GET", "/api/users/{id}/sessions", Access::signed_in, Pool::api, Limit::none, Body::none,
     list_user_sessions, kManagesUsers, Subject::anyone},
    {"DELETE", "/api/users/{id}/sessions/{session}", Access::signed_in, Pool::api, Limit::none, Body::none,
     end_user_session, kManagesUsers, Subject::lower},
    {"GET", "/api/users/{id}/devices", Access::signed_in, Pool::api, Limit::none, Body::none,
     list_user_devices, kManagesUsers, Subject::anyone},
    {"DELETE", "/api/users/{id}/devices/{device}", Access::signed_in, Pool::api, Limit::none, Body::none,
     delete_user_device, kManagesUsers, Subject::lower},
    {"PUT", "/api/users/{id}/roles/{name}", Access::signed_in, Pool::api, Limit::none, Body::none, grant_role,
     kManagesRoles, Subject::lower_or_self},
    {"DELETE", "/api/users/{id}/roles/{name}", Access::signed_in, Pool::api, Limit::none, Body::none,
     revoke_role, kManagesRoles, Subject::lower_or_self},
    given({"POST", "/api/assign-role", Access::signed_in, Pool::api, Limit::none, Body::json, assign_role,
           kManagesRoles, Subject::lower_or_self}),
    given({"GET", "/api/roles", Access::signed_in, Pool::api, Limit::none, Body::none, list_roles, nullptr,
           Subject::anyone}),
    given({"POST", "/api/roles", Access::signed_in, Pool::api, Limit::none, Body::json, create_role,
           kManagesRoles, Subject::role}),
    {"GET", "/api/roles/{name}", Access::signed_in, Pool::api, Limit::none, Body::none, show_role, nullptr,
     Subject::anyone},
    {"PATCH", "/api/roles/{name}", Access::signed_in, Pool::api, Limit::none, Body::json, change_role,
     kManagesRoles, Subject::role},
    {"DELETE", "/api/roles/{name}", Access::signed_in, Pool::api, Limit::none, Body::none, delete_role,
     kManagesRoles, Subject::role},
    {"GET", "/api/audit", Access::signed_in, Pool::api, Limit::none, Body::none, list_audit, kManagesUsers,
     Subject::anyone},
    {"POST", "/api/verify-email", Access::anyone_or_caller, Pool::hash, Limit::verify, Body::json,
     verify_email},
    given({"POST", "/api/verify-email/{token}", Access::anyone_or_caller, Pool::hash, Limit::verify,
           Body::optional_json, verify_email_by_path}),
    given({"POST", "/api/resend-verification", Access::anyone_or_caller, Pool::api, Limit::resend,
           Body::optional_json, resend_verification}),
    {"POST", "/api/password/change", Access::signed_in, Pool::hash, Limit::change, Body::json,
     change_password},
    {"POST", "/api/password/forgot", Access::anyone, Pool::api, Limit::forgot, Body::json, forgot_password},
    {"POST", "/api/password/reset", Access::anyone, Pool::hash, Limit::reset, Body::json, reset_password},
    {"POST", "/api/email/change", Access::signed_in, Pool::hash, Limit::change, Body::json, change_email},
    {"POST", "/api/email/confirm", Access::anyone_or_caller, Pool::hash, Limit::verify, Body::json,
     confirm_email_change},
    {"POST", "/api/email/revert", Access::anyone, Pool::api, Limit::reset, Body::json, revert_email_change},
    {"POST", "/api/mail-link", Access::anyone_or_caller, Pool::api, Limit::verify, Body::json,
     show_mail_link},
    {"GET", "/api/site", Access::anyone, Pool::api, Limit::none, Body::none, site},
    {"GET", "/api/return", Access::anyone, Pool::api, Limit::none, Body::none, return_address},
    {"GET", "/api/whoami", Access::anyone_or_caller, Pool::api, Limit::none, Body::none, whoami},
    {"GET", "/healthz", Access::anyone, Pool::api, Limit::none, Body::none, health},
    {"GET", "/readyz", Access::anyone, Pool::api, Limit::none, Body::none, readiness},
    {"GET", "/metrics", Access::anyone, Pool::api, Limit::none, Body::none, metrics},
};

constexpr EnumNames kAccessNames{std::to_array<NameOf<Access>>({
    {Access::anyone, "anyone"},
    {Access::anyone_or_caller, "anyone, or signed in"},
    {Access::signed_in, "signed in"},
    {Access::signed_in_or_expired, "signed in; an expired token, or a refresh token, will do"},
    {Access::refresh_token, "a refresh token, in the body or in the page's cookie"},
    {Access::forward_auth, "a proxy, for a visitor who is signed in"},
    {Access::internal_key, "a program on this machine, with the key of `push.key_file`"},
    {Access::client_secret, "a service outside, with its client secret"},
})};

constexpr EnumNames kSubjectNames{std::to_array<NameOf<Subject>>({
    {Subject::own, "their own account"},
    {Subject::anyone, "anyone"},
    {Subject::lower, "users of lower priority"},
    {Subject::lower_or_self, "users of lower priority, and themselves"},
    {Subject::role, "roles of lower priority"},
})};

constexpr EnumNames kPoolNames{std::to_array<NameOf<Pool>>({
    {Pool::edge, "edge"},
    {Pool::api, "api"},
    {Pool::hash, "hash"},
    {Pool::stream, "stream"},
})};

}  // namespace

std::span<const Route> all_routes() { return kRoutes; }

std::string_view name_of(Access access) { return kAccessNames.of(access); }
std::string_view name_of(Subject subject) { return kSubjectNames.of(subject); }
std::string_view name_of(Pool pool) { return kPoolNames.of(pool); }

}  // namespace csauth::handlers
