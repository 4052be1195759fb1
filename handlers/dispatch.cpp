#include "handlers/dispatch.h"

#include <algorithm>
#include <optional>
#include <set>
#include <stdexcept>

#include "base/encoding.h"
#include "handlers/cookies.h"
#include "handlers/identify.h"
#include "handlers/oauth.h"
#include "handlers/verify_request.h"
#include "http/accept.h"
#include "http/form_body.h"
#include "http/multipart.h"
#include "http/problem.h"
#include "images/picture.h"
#include "json/object.h"
#include "limits/limiter.h"
#include "sessions/failure_log.h"

// The functions are in the order of a request: route, body, origin of a form, caller, permission, limit,
// handler, refusal.
namespace csauth::handlers {
namespace {

std::string_view without_trailing_slash(std::string_view path) {
    if (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
    return path;
}

/// Returns the values of the {…} in `pattern` if `path` fits it, otherwise nullopt.
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

struct Found {
    const Route* route = nullptr;
    std::vector<std::string> parameters;
    std::set<std::string_view> other_methods;  ///< of the path's routes, if none serves the method
};

Found find_route(const http::Request& request) {
    Found found;
    const auto path = without_trailing_slash(request.path);
    for (const Route& route : all_routes()) {
        auto parameters = matched(route.path, path);
        if (!parameters) continue;
        if (serves(route, request.method)) return {&route, std::move(*parameters), {}};
        found.other_methods.insert(route.method);
        if (route.method == "GET") found.other_methods.insert("HEAD");
    }
    return found;
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

/// Returns true unless the type says that the body is no picture. The bytes decide about its format, because
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

/// Refuses a form with our cookies, or one that asks for cookies, unless it comes from our own pages
/// (`cross_site_request`). Any page can make a browser send a form, because only JSON needs a preflight. A
/// browser does not send a token in a header by itself, so a form with one is allowed.
Result<void> check_form_origin(const Services& services, const Route& route, const http::Request& request) {
    if (route.body == Body::none || !takes_form(route, request.content_type)) return {};
    const bool asks_for_cookies = request.header("x-session-mode") == "cookie";
    const bool acts_by_cookies = request.header("authorization").empty() && cookies::are_sent(request);
    if (!asks_for_cookies && !acts_by_cookies) return {};
    return cookies::require_trusted_page(request, services.cookies);
}

/// Identifies the caller. A visitor of a protected site who is not signed in still reaches the handler. It
/// checks the requirement of the location first, and may redirect a browser to the sign-in page.
Result<void> identify_for(Services& services, const Route& route, Call& call) {
    auto identified = identify(services, route.access, call);
    if (identified || route.access != Access::forward_auth) return identified;
    constexpr int not_signed_in = 401;
    if (http::kind_of(identified.error().code).status != not_signed_in) return identified;
    call.refused_visitor = identified.error();
    return {};
}

/// Checks what the route demands of a known caller.
/// `email_unverified`: the route admits only callers with a confirmed address.
/// `permission_denied`: the caller lacks the permission that the route needs.
Result<void> check_permission(const Route& route, const Call& call) {
    if (!call.caller || route.access == Access::forward_auth) return {};
    const bool must_be_confirmed = route.subject != Subject::own || route.unconfirmed == Unconfirmed::refused;
    if (must_be_confirmed && !call.caller->holder.is_verified)
        return Error{.code = ErrorCode::email_unverified};
    if (route.needs == nullptr || call.caller->may(route.needs)) return {};
    return Error{.code = ErrorCode::permission_denied,
                 .detail = "This needs " + std::string{name_of(route.needs)} + '.'};
}

Result<http::Response> run_for_caller(Services& services, const Route& route, Call& call) {
    if (const auto allowed = check_permission(route, call); !allowed) return allowed.error();
    return counted(route.limit, services, call, [&] { return route.handler(services, call); });
}

/// Returns the route and the IDs in the path, for the audit log. Other parts of the path may be secret.
std::string what_was_asked(const Route& route, const Call& call) {
    std::string what = std::string{route.method} + ' ' + std::string{route.path};
    for (const auto& parameter : call.path_parameters)
        if (Uuid::parse(parameter)) what += ' ' + parameter;
    return what;
}

Result<http::Response> run(Services& services, const Route& route, Call& call) {
    if (const auto acceptable = check_body(route, call.request); !acceptable) return acceptable.error();
    if (const auto good = check_form_origin(services, route, call.request); !good) return good.error();
    if (const auto identified = identify_for(services, route, call); !identified) return identified.error();
    auto response = run_for_caller(services, route, call);
    if (!response && response.error().code == ErrorCode::permission_denied && call.caller)
        services.failures.permission_denied(call.caller->holder.id, what_was_asked(route, call),
                                            call.origin());
    return response;
}

/// Returns true if other paths in the folder of the route get the same form of refusals, because the same
/// programs ask for them.
bool covers_its_folder(const Route& route) {
    return route.refusals == Refusals::proxy || route.refusals == Refusals::oauth;
}

/// Returns the route whose form a refusal has: the first one of this path with any method, otherwise one that
/// covers its folder.
const Route* route_of_refusal(std::string_view path) {
    path = without_trailing_slash(path);
    for (const Route& route : all_routes()) {
        const auto folder = route.path.substr(0, route.path.rfind('/') + 1);
        if (matched(route.path, path) || (covers_its_folder(route) && path.starts_with(folder)))
            return &route;
    }
    return nullptr;
}

http::Response wrong_method(const Found& found, const http::Request& request) {
    std::string allow;
    for (const auto method : found.other_methods)
        allow.append(allow.empty() ? "" : ", ").append(method);
    auto response = refusal(request, {.code = ErrorCode::method_not_allowed});
    response.headers.emplace_back("Allow", allow);
    return response;
}

/// Returns true if the refusal means that the cookies of the request are useless from now on.
bool ends_cookies(const Route& route, const Call& call, ErrorCode code) {
    return call.is_by_cookie && (code == ErrorCode::session_ended ||
                                 (route.access == Access::refresh_token && code == ErrorCode::token_expired));
}

}  // namespace

http::Response refusal(const http::Request& request, const Error& error) {
    const Route* const route = route_of_refusal(request.path);
    switch (route == nullptr ? Refusals::problem : route->refusals) {
        case Refusals::auth_request: return verify_refusal(error);
        case Refusals::proxy: return forward_refusal(error);
        case Refusals::oauth: return oauth_refusal(error);
        case Refusals::problem: break;
    }
    if (route != nullptr && route->is_given && http::asks_for_plain_json(request.header("accept")))
        return http::drf_problem(error, request.id);
    return http::problem(error, request.id);
}

Result<http::Response> counted(Limit limit, Services& services, const Call& call,
                               const std::function<Result<http::Response>()>& act) {
    const auto& kind = limits::kind_of(limit);
    if (!kind.rate) return act();
    auto attempt = services.limiter.attempt(limit, limits::address_key(call.request.remote_ip));
    if (!attempt) return attempt.error();
    if (kind.and_of_user) {
        const auto of_user = services.limiter.attempt(*kind.and_of_user, call.caller->holder.id.text());
        if (!of_user) return of_user.error();
    }
    auto response = act();
    if (response && kind.is_guess) attempt->forgive();
    return response;
}

Answer dispatch(Services& services, const http::Request& request, Pool pool) {
    Found found = find_route(request);
    if (found.route == nullptr) {
        if (!found.other_methods.empty()) return {wrong_method(found, request)};
        return {refusal(request, {.code = ErrorCode::not_found})};
    }
    const Route& route = *found.route;
    Answer answer{.response = {}, .route = route.path};
    if (route.pool != pool) {
        answer.response = refusal(request, {.code = ErrorCode::misdirected_request});
        return answer;
    }
    Call call{.request = request, .path_parameters = std::move(found.parameters)};
    auto outcome = run(services, route, call);
    answer.response = outcome ? std::move(*outcome) : refusal(request, outcome.error());
    if (!outcome && ends_cookies(route, call, outcome.error().code))
        cookies::forget(answer.response, services.cookies);
    if (call.caller && route.access != Access::forward_auth) answer.user = call.caller->holder.id.text();
    return answer;
}

}  // namespace csauth::handlers
