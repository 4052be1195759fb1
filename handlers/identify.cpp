#include "handlers/identify.h"

#include <algorithm>

#include "handlers/cookie_tokens.h"
#include "handlers/cookies.h"
#include "handlers/verify_request.h"
#include "http/body_reader.h"
#include "sessions/gate.h"
#include "sessions/program_key.h"

namespace csauth::handlers {
namespace {

bool is_safe(std::string_view method) { return method == "GET" || method == "HEAD"; }

bool is_loopback(std::string_view ip) { return ip == "::1" || ip.starts_with("127."); }

/// Sets the caller from the token in the Authorization header, otherwise from the access cookie.
Result<void> identify_user(Services& services, Access access, Call& call) {
    const bool must = access != Access::anyone_or_caller;
    const bool may_be_in_body = access == Access::signed_in_or_expired;
    const auto expired = may_be_in_body ? sessions::Expired::accepted : sessions::Expired::refused;
    const auto bearer = call.bearer_token();
    if (!call.request.header("authorization").empty()) {
        if (bearer.empty()) return Error{.code = ErrorCode::authentication_required};
        auto caller = services.gate.authenticate(bearer, expired);
        if (!caller) return caller.error();
        call.caller = std::move(*caller);
        return {};
    }
    const auto sent = cookies::find_all(call.request, cookies::kAccess);
    if (sent.empty()) {
        if (must && !may_be_in_body) return Error{.code = ErrorCode::authentication_required};
        return {};
    }
    // Browsers send cookies by themselves. On a route that needs no caller, a useless cookie counts as none.
    if (!is_safe(call.request.method)) {
        if (const auto own = cookies::require_trusted_page(call.request, services.cookies); !own)
            return must ? own : Result<void>{};
    }
    auto caller = cookies::first_admitted(
        sent, [&](std::string_view token) { return services.gate.authenticate(token, expired); });
    if (!caller && !must) return {};
    call.is_by_cookie = true;
    call.carrier = Carrier::access_cookie;
    if (!caller) return caller.error();
    call.caller = std::move(*caller);
    return {};
}

/// Sets the refresh tokens of the cookies, unless the body has one, which the handler reads itself.
/// `cross_site_request`: a page that is not ours sends the cookies.
Result<void> find_refresh_cookies(const Services& services, Call& call) {
    if (http::BodyReader{call.request, true}.has("refresh")) return {};
    call.refresh_cookies = cookies::refresh_tokens(services, call.request);
    call.is_by_cookie = !call.refresh_cookies.empty();
    return call.is_by_cookie ? cookies::require_trusted_page(call.request, services.cookies) : Result<void>{};
}

/// Returns true if a careless server could read `name` as `known`. CGI and PHP, for example, put
/// `Remote_User` and `Remote.User` into one variable. `name` is in lower case.
bool reads_as(std::string_view name, std::string_view known) {
    const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
    return std::equal(name.begin(), name.end(), known.begin(), known.end(),
                      [&](char c, char wanted) { return wanted == '-' ? !is_letter(c) : c == wanted; });
}

/// Returns true for the names of kIdentityHeaders and for their forms with `X-`.
bool is_identity_header(std::string_view name) {
    const auto is_one = [](std::string_view candidate) {
        return std::any_of(std::begin(kIdentityHeaders), std::end(kIdentityHeaders),
                           [&](std::string_view known) { return reads_as(candidate, known); });
    };
    constexpr std::size_t prefix = 2;  // "x-"
    return is_one(name) || (name.starts_with('x') && name.size() > prefix && is_one(name.substr(prefix)));
}

/// Refuses a request with a header that tells sites who their visitor is (`forged_identity`). The location
/// after the check might pass it on, because not every layout of locations inherits the directives that
/// replace it.
Result<void> refuse_forged_identity(const http::Request& request) {
    for (const auto& [name, value] : request.headers)
        if (is_identity_header(name)) return Error{.code = ErrorCode::forged_identity};
    return {};
}

/// Sets the visitor of a protected site from a Bearer token, otherwise from the access cookie, otherwise from
/// the site cookie. A proxy on another machine must send its key.
Result<void> identify_visitor(Services& services, Call& call) {
    const auto take = [&](Result<sessions::Caller> caller, Carrier carrier) -> Result<void> {
        if (!caller) return caller.error();
        call.caller = std::move(*caller);
        call.carrier = carrier;
        return {};
    };
    if (call.request.is_from_remote_proxy &&
        !services.proxy_key.matches(call.request.header(kProxyKeyHeader)))
        return Error{.code = ErrorCode::permission_denied};
    if (const auto honest = refuse_forged_identity(call.request); !honest) return honest.error();
    if (const auto token = call.bearer_token(); !token.empty())
        return take(services.gate.authenticate(token), Carrier::header);
    const auto own = cookies::find_all(call.request, cookies::kAccess);
    auto admitted =
        take(cookies::first_admitted(own, [&](auto token) { return services.gate.authenticate(token); }),
             Carrier::access_cookie);
    const auto sites = cookies::find_all(call.request, cookies::kSite);
    if (admitted || sites.empty()) return admitted;
    return take(
        cookies::only_admitted(sites, [&](auto token) { return services.gate.authenticate_site(token); }),
        Carrier::site_cookie);
}

/// Admits programs on this machine that send the notifier's key. Callers on other machines get `not_found`,
/// as if the path did not exist.
Result<void> identify_notifier(const Services& services, const Call& call) {
    if (!is_loopback(call.request.remote_ip) || !services.notifier_key.is_set())
        return Error{.code = ErrorCode::not_found};
    if (!services.notifier_key.matches(call.bearer_token()))
        return Error{.code = ErrorCode::authentication_required};
    return {};
}

}  // namespace

Result<void> identify(Services& services, Access access, Call& call) {
    switch (access) {
        case Access::anyone:
        case Access::client_secret: return {};
        case Access::anyone_or_caller:
        case Access::signed_in:
        case Access::signed_in_or_expired: return identify_user(services, access, call);
        case Access::refresh_token: return find_refresh_cookies(services, call);
        case Access::forward_auth: return identify_visitor(services, call);
        case Access::internal_key: return identify_notifier(services, call);
    }
    throw std::logic_error("an Access that is unknown");
}

}  // namespace csauth::handlers
