#include "handlers/routes.h"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "base/encoding.h"
#include "handlers/cookie_tokens.h"
#include "handlers/cookies.h"
#include "handlers/oauth.h"
#include "handlers/verify_request.h"
#include "http/accept.h"
#include "http/form_body.h"
#include "http/multipart.h"
#include "http/problem.h"
#include "images/picture.h"
#include "json/object.h"

namespace csauth::handlers {
namespace {

constexpr roles::Flag kManagesUsers = &roles::Flags::can_manage_users;
constexpr roles::Flag kManagesRoles = &roles::Flags::can_manage_roles;
constexpr roles::Flag kBansUsers = &roles::Flags::can_ban_users;

// The nginx map is generated from here.
constexpr Route kRoutes[] = {
    // method, path, who, pool, limit, body, handler, permission, upon whom, unconfirmed callers
    given({"POST", "/api/register", Access::anyone, Pool::hash, Limit::registration, Body::json,
           register_account}),
    given({"POST", "/api/login", Access::anyone, Pool::hash, Limit::login, Body::json, login}),
    given({"POST", "/api/token", Access::anyone, Pool::hash, Limit::login, Body::json, obtain_token}),
    given({"POST", "/api/token/refresh", Access::anyone, Pool::api, Limit::refresh, Body::optional_json,
           refresh_token}),
    // The doubled part is no mistake of ours: the Django service has the pair there.
    given({"POST", "/api/api/token", Access::anyone, Pool::hash, Limit::login, Body::json, obtain_token}),
    given({"POST", "/api/api/token/refresh", Access::anyone, Pool::api, Limit::refresh, Body::optional_json,
           refresh_token}),
    given({"POST", "/api/token/blacklist", Access::anyone, Pool::api, Limit::refresh, Body::json,
           blacklist_token}),
    given({"POST", "/api/token/verify", Access::anyone, Pool::api, Limit::check, Body::json, verify_token}),
    {"POST", "/oauth/introspect", Access::anyone, Pool::api, Limit::none, Body::form, introspect_token},
    given({"POST", "/api/logout", Access::signed_in_or_expired, Pool::api, Limit::none, Body::optional_json,
           logout}),
    {"GET", "/auth/verify", Access::anyone, Pool::edge, Limit::none, Body::none, verify_request},
    {"GET", "/auth/forward/{requirement}", Access::anyone, Pool::edge, Limit::none, Body::none,
     forward_request},
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
    {"GET", "/internal/push-targets", Access::anyone, Pool::api, Limit::none, Body::none, push_targets},
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

std::string_view without_trailing_slash(std::string_view path) {
    if (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
    return path;
}

/// The values of {…} when `path` fits `pattern`.
std::optional<std::vector<std::string>> matched(std::string_view pattern, std::string_view path) {
    std::vector<std::string> parameters;
    while (!pattern.empty() && !path.empty()) {
        const auto pattern_end = std::min(pattern.find('/', 1), pattern.size());
        const auto path_end = std::min(path.find('/', 1), path.size());
        const auto expected = pattern.substr(1, pattern_end - 1);
        const auto given = path.substr(1, path_end - 1);
        if (expected.starts_with('{')) {
            if (given.empty()) return std::nullopt;
            parameters.emplace_back(given);
        } else if (expected != given) {
            return std::nullopt;
        }
        pattern.remove_prefix(pattern_end);
        path.remove_prefix(path_end);
    }
    if (!pattern.empty() || !path.empty()) return std::nullopt;
    return parameters;
}

bool serves(const Route& route, std::string_view method) {
    return route.method == method || (route.method == "GET" && method == "HEAD");
}

bool is_safe(std::string_view method) { return method == "GET" || method == "HEAD"; }

/// Sets who sends the request, as far as the route asks for that. A token in a header counts before a cookie.
Result<void> identify(Services& services, const Route& route, Call& call) {
    if (route.access == Access::anyone) return {};
    const bool must = route.access != Access::anyone_or_caller;
    const auto expired = route.access == Access::signed_in_or_expired ? sessions::Expired::accepted
                                                                      : sessions::Expired::refused;
    const bool may_be_in_body = route.access == Access::signed_in_or_expired;
    const auto bearer = call.bearer_token();
    if (!call.request.header("authorization").empty()) {
        if (bearer.empty()) return Error{.code = ErrorCode::authentication_required};
        auto caller = services.gate.admit(bearer, expired);
        if (!caller) return caller.error();
        call.caller = std::move(*caller);
        return {};
    }
    const auto sent = cookies::find_all(call.request, cookies::kAccess);
    if (sent.empty()) {
        if (must && !may_be_in_body) return Error{.code = ErrorCode::authentication_required};
        return {};
    }
    // Browsers send cookies unasked: where nobody need be signed in, one that is of no use is none.
    if (!is_safe(route.method) && !cookies::is_from_trusted_page(call.request, services.cookies)) {
        if (must) return Error{.code = ErrorCode::cross_site_request};
        return {};
    }
    auto caller = cookies::first_admitted(
        sent, [&](std::string_view token) { return services.gate.admit(token, expired); });
    if (!caller && !must) return {};
    call.is_by_cookie = true;
    if (!caller) return caller.error();
    call.caller = std::move(*caller);
    return {};
}

/// Returns true if a Content-Type names no charset, or UTF-8.
bool is_in_utf8(std::string_view content_type) {
    const auto at = ascii_lower(content_type).find("charset=");
    if (at == std::string::npos) return true;
    auto charset = content_type.substr(at + std::string_view{"charset="}.size());
    charset = trimmed(charset.substr(0, charset.find(';')));
    if (charset.size() > 1 && charset.front() == '"' && charset.back() == '"')
        charset = charset.substr(1, charset.size() - 2);
    return equals_ignoring_case(charset, "utf-8");
}

bool is_json(std::string_view content_type) {
    return http::media_type_of(content_type) == "application/json" && is_in_utf8(content_type);
}

bool takes_form(const Route& route, std::string_view content_type) {
    return route.is_given && http::is_form_type(content_type) && is_in_utf8(content_type);
}

/// Returns true unless the type says that the body is something else. Which picture it is, its bytes say:
/// clients also send image/jpg, a wrong type or none.
bool may_be_picture(std::string_view content_type) {
    const auto type = http::media_type_of(content_type);
    return type.empty() || type.starts_with("image/") || type == "application/octet-stream";
}

Result<void> check_body(const Route& route, const http::Request& request) {
    if (route.body == Body::picture) {
        if (request.body.size() > images::kLongestUpload) return Error{.code = ErrorCode::body_too_large};
        if (!may_be_picture(request.content_type) && !http::is_multipart_form(request.content_type))
            return Error{.code = ErrorCode::unsupported_media_type};
        return {};
    }
    const bool has_room_for_picture =
        route.body == Body::json_or_upload && http::is_multipart_form(request.content_type);
    if (request.body.size() > (has_room_for_picture ? images::kLongestUpload : 0) + json::Limits{}.bytes)
        return Error{.code = ErrorCode::body_too_large};
    if (route.body == Body::form &&
        !(http::is_urlencoded_form(request.content_type) && is_in_utf8(request.content_type)))
        return Error{.code = ErrorCode::unsupported_media_type};
    const bool must_be_read = route.body != Body::form && route.body != Body::none &&
                              (route.body != Body::optional_json || !request.body.empty());
    if (must_be_read && !is_json(request.content_type) && !takes_form(route, request.content_type))
        return Error{.code = ErrorCode::unsupported_media_type};
    return {};
}

/// A page elsewhere can have a browser send a form, without a preflight as for JSON. So one that comes with
/// cookies of ours, or asks for some, must come from our own pages. A token in a header is sent by a client's
/// own will.
Result<void> check_form_origin(const Services& services, const Route& route, const http::Request& request) {
    if (route.body == Body::none || !takes_form(route, request.content_type)) return {};
    const bool asks_for_cookies = request.header("x-session-mode") == "cookie";
    const bool acts_by_cookies = request.header("authorization").empty() && cookies::are_sent(request);
    if ((asks_for_cookies || acts_by_cookies) && !cookies::is_from_trusted_page(request, services.cookies))
        return Error{.code = ErrorCode::cross_site_request};
    return {};
}

struct Found {
    const Route* route = nullptr;
    std::vector<std::string> parameters;
    std::set<std::string_view> other_methods;  ///< of routes with this path, where none serves the method
};

Found find_route(const http::Request& request) {
    Found found;
    const auto path = without_trailing_slash(request.path);
    for (const Route& route : kRoutes) {
        auto parameters = matched(route.path, path);
        if (!parameters) continue;
        if (serves(route, request.method)) return {&route, std::move(*parameters), {}};
        found.other_methods.insert(route.method);
        if (route.method == "GET") found.other_methods.insert("HEAD");
    }
    return found;
}

bool is_given_path(std::string_view path) {
    return std::any_of(std::begin(kRoutes), std::end(kRoutes), [&](const Route& route) {
        return route.is_given && matched(route.path, without_trailing_slash(path));
    });
}

http::Response wrong_method(const Found& found, const http::Request& request) {
    std::string allow;
    for (const auto method : found.other_methods)
        allow.append(allow.empty() ? "" : ", ").append(method);
    auto response = refusal(request, {.code = ErrorCode::method_not_allowed});
    response.headers.emplace_back("Allow", allow);
    return response;
}

struct Counting {
    limits::Bucket bucket;
    bool is_guess;                                 ///< one that succeeds was none
    std::optional<limits::Bucket> of_caller = {};  ///< where what the caller does counts, too, from wherever
};

std::optional<Counting> counting(Limit limit) {
    using limits::Bucket;
    switch (limit) {
        case Limit::none:
        case Limit::refresh:
        case Limit::check: return std::nullopt;
        case Limit::login: return Counting{Bucket::login, true};
        case Limit::registration: return Counting{Bucket::registration, false};
        case Limit::forgot: return Counting{Bucket::forgot, false};
        case Limit::resend: return Counting{Bucket::resend, false};
        case Limit::verify: return Counting{Bucket::verify, true};
        case Limit::reset: return Counting{Bucket::reset, true};
        case Limit::change: return Counting{Bucket::change, true, Bucket::change_of_user};
        case Limit::upload: return Counting{Bucket::upload, false, Bucket::upload_of_user};
        case Limit::profile: return Counting{Bucket::profile, false, Bucket::profile_of_user};
        case Limit::exports: return Counting{Bucket::exports, false, Bucket::exports_of_user};
    }
    throw std::logic_error("a Limit that is unknown");
}

/// Whether the caller has the permission that the route needs.
Result<void> check_permission(const Route& route, const Call& call) {
    if (!call.caller) return {};
    const bool must_be_confirmed = route.subject != Subject::own || route.unconfirmed == Unconfirmed::refused;
    if (must_be_confirmed && !call.caller->holder.is_verified)
        return Error{.code = ErrorCode::email_unverified};
    if (route.needs == nullptr) return {};
    const auto name = name_of(route.needs);
    const auto& held = call.caller->permissions;
    if (std::find(held.begin(), held.end(), name) != held.end()) return {};
    return Error{.code = ErrorCode::permission_denied, .detail = "This needs " + std::string{name} + '.'};
}

Result<http::Response> run_for_caller(Services& services, const Route& route, Call& call) {
    if (const auto allowed = check_permission(route, call); !allowed) return allowed.error();
    return counted(route.limit, services, call, [&] { return route.handler(services, call); });
}

/// For the audit log: the route and the ids in its path, but no other part of that, which may be a secret.
std::string what_was_asked(const Route& route, const Call& call) {
    std::string what = std::string{route.method} + ' ' + std::string{route.path};
    for (const auto& parameter : call.path_parameters)
        if (Uuid::parse(parameter)) what += ' ' + parameter;
    return what;
}

Result<http::Response> run(Services& services, const Route& route, Call& call) {
    if (const auto acceptable = check_body(route, call.request); !acceptable) return acceptable.error();
    if (const auto good = check_form_origin(services, route, call.request); !good) return good.error();
    if (const auto identified = identify(services, route, call); !identified) return identified.error();
    auto response = run_for_caller(services, route, call);
    if (!response && response.error().code == ErrorCode::permission_denied && call.caller)
        services.failures.permission_denied(call.caller->holder.id, what_was_asked(route, call),
                                            call.origin());
    return response;
}

}  // namespace

std::span<const Route> all_routes() { return kRoutes; }

std::string_view name_of(Access access) {
    switch (access) {
        case Access::anyone: return "anyone";
        case Access::anyone_or_caller: return "anyone, or signed in";
        case Access::signed_in: return "signed in";
        case Access::signed_in_or_expired: return "signed in; an expired token, or a refresh token, will do";
    }
    throw std::logic_error("an Access without a name");
}

std::string_view name_of(Subject subject) {
    switch (subject) {
        case Subject::own: return "their own account";
        case Subject::anyone: return "anyone";
        case Subject::lower: return "who stands below";
        case Subject::lower_or_self: return "who stands below, and themselves";
        case Subject::role: return "roles that stand below";
    }
    throw std::logic_error("a Subject without a name");
}

std::string_view name_of(Pool pool) {
    switch (pool) {
        case Pool::edge: return "edge";
        case Pool::api: return "api";
        case Pool::hash: return "hash";
        case Pool::stream: return "stream";
    }
    throw std::logic_error("a Pool without a name");
}

std::string_view name_of(Limit limit) {
    switch (limit) {
        case Limit::none: return "none";
        case Limit::login: return "login";
        case Limit::registration: return "registration";
        case Limit::forgot: return "forgot";
        case Limit::resend: return "resend";
        case Limit::verify: return "verify";
        case Limit::reset: return "reset";
        case Limit::change: return "change";
        case Limit::upload: return "upload";
        case Limit::profile: return "profile";
        case Limit::exports: return "exports";
        case Limit::refresh: return "refresh";
        case Limit::check: return "check";
    }
    throw std::logic_error("a Limit without a name");
}

Origin Call::origin() const {
    constexpr std::size_t longest_user_agent = 255;  // bytes, as the database keeps it
    const auto agent = valid_utf8(request.header("user-agent"));
    return {request.remote_ip, std::string{utf8_prefix(agent, longest_user_agent)}, request.id};
}

std::string_view Call::bearer_token() const {
    constexpr std::string_view scheme = "bearer ";  // in any case, RFC 9110 section 11.1
    const auto header = request.header("authorization");
    if (!equals_ignoring_case(header.substr(0, scheme.size()), scheme)) return {};
    return trimmed(header.substr(scheme.size()));
}

http::Response refusal(const http::Request& request, const Error& error) {
    if (without_trailing_slash(request.path) == kVerifyPath) return verify_refusal(error);
    if (request.path.starts_with(kForwardPath)) return forward_refusal(error);
    if (request.path.starts_with(kOauthPath)) return oauth_refusal(error);
    if (http::asks_for_plain_json(request.header("accept")) && is_given_path(request.path))
        return http::drf_problem(error, request.id);
    return http::problem(error, request.id);
}

Result<http::Response> counted(Limit limit, Services& services, const Call& call,
                               const std::function<Result<http::Response>()>& act) {
    const auto counts = counting(limit);
    if (!counts) return act();
    auto attempt = services.limiter.attempt(counts->bucket, limits::address_key(call.request.remote_ip));
    if (!attempt) return attempt.error();
    if (counts->of_caller) {
        const auto of_caller = services.limiter.attempt(*counts->of_caller, call.caller->holder.id.text());
        if (!of_caller) return of_caller.error();
    }
    auto response = act();
    if (response && counts->is_guess) attempt->forgive();
    return response;
}

Answer dispatch(Services& services, const http::Request& request, Pool pool) {
    Found found = find_route(request);
    if (found.route == nullptr) {
        if (!found.other_methods.empty()) return {wrong_method(found, request)};
        return {refusal(request, {.code = ErrorCode::not_found})};
    }
    Answer answer{.response = {}, .route = found.route->path};
    if (found.route->pool != pool) {
        answer.response = refusal(request, {.code = ErrorCode::misdirected_request});
        return answer;
    }
    Call call{.request = request, .path_parameters = std::move(found.parameters)};
    auto outcome = run(services, *found.route, call);
    answer.response = outcome ? std::move(*outcome) : refusal(request, outcome.error());
    if (!outcome && call.is_by_cookie && outcome.error().code == ErrorCode::session_ended)
        cookies::forget(answer.response, services.cookies);
    if (call.caller) answer.user = call.caller->holder.id.text();
    return answer;
}

}  // namespace csauth::handlers
