#include "handlers/verify_request.h"

#include <algorithm>
#include <span>

#include "base/clock.h"
#include "base/encoding.h"
#include "base/lists.h"
#include "base/unavailable.h"
#include "handlers/call.h"
#include "handlers/cookie_tokens.h"
#include "handlers/cookies.h"
#include "http/form.h"
#include "http/problem.h"
#include "http/return_address.h"
#include "sessions/gate.h"

namespace csauth::handlers {
namespace {

// In bytes. nginx reads the head of an answer into a buffer of fixed size.
constexpr std::size_t kLongestPermissionsHeader = 4096;

/// What a location demands of its visitors.
struct Requirement {
    std::vector<std::string> permissions;  ///< the visitor needs all of them
    std::vector<std::string> roles;        ///< the visitor needs one of them, unless the list is empty
    bool allows_unverified = false;
    bool allows_basic = false;  ///< the site itself uses Basic credentials
};

Error bad_requirement(const char* detail) { return {.code = ErrorCode::bad_request, .detail = detail}; }

/// Reads "permission=a,b&role=c,d&unverified=allow&basic=allow" or "any".
///
/// `bad_request`: it is empty, or has a word that is unknown, empty or repeated. A typing error must not open
/// a location.
Result<Requirement> requirement_in(std::string_view text) {
    if (text.empty()) return bad_requirement("The location does not say what it asks for.");
    const auto words = http::parse_query(text);
    if (!words) return words.error();
    Requirement requirement;
    for (const auto& [name, value] : words->all()) {
        if (name == "permission")
            requirement.permissions = split_list(value);
        else if (name == "role")
            requirement.roles = split_list(value);
        else if (name == "unverified" && value == "allow")
            requirement.allows_unverified = true;
        else if (name == "basic" && value == "allow")
            requirement.allows_basic = true;
        else if (name != "any" || !value.empty())
            return bad_requirement("The location asks for something that is unknown.");
        if ((name == "permission" || name == "role") && split_list(value).empty())
            return bad_requirement("The location asks for a permission or role with an empty name.");
    }
    return requirement;
}

/// Returns the requirement of a request to /auth/verify. It comes from nginx' configuration; if another proxy
/// asks, being signed in is enough. The query sets no requirement, because some proxies pass on that of the
/// visitor.
///
/// `bad_request`: the query names a permission or a role. A configuration may have meant it as a requirement,
/// and must not open the location to everybody.
Result<Requirement> requirement_of(const http::Request& request) {
    if (request.requirement) return requirement_in(*request.requirement);
    for (std::string_view rest = request.query; !rest.empty();) {
        const auto pair = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
        const auto name = pair.substr(0, pair.find('='));
        if (name == "permission" || name == "role")
            return bad_requirement("Requirements are not read from the query: ask /auth/forward/ instead.");
    }
    return Requirement{};
}

/// Refuses Basic credentials, unless the location allows them (`forged_identity`). Some servers take the name
/// in them as REMOTE_USER, without checking the password.
Result<void> refuse_second_credential(const Requirement& requirement, const http::Request& request) {
    constexpr std::string_view scheme = "basic";
    const auto authorization = trimmed(request.header("authorization"));
    if (requirement.allows_basic || !equals_ignoring_case(authorization.substr(0, scheme.size()), scheme))
        return {};
    return Error{.code = ErrorCode::forged_identity};
}

/// Checks the visitor against the requirement.
/// `email_unverified`: the address is not confirmed, and the location needs that.
/// `permission_denied`: the visitor lacks a permission, or has none of the roles.
Result<void> require(const Requirement& requirement, const sessions::Caller& caller) {
    if (!caller.holder.is_verified && !requirement.allows_unverified)
        return Error{.code = ErrorCode::email_unverified};
    const bool has_permissions = std::all_of(requirement.permissions.begin(), requirement.permissions.end(),
                                             [&](const std::string& name) { return caller.may(name); });
    const bool has_role = requirement.roles.empty() ||
                          std::any_of(requirement.roles.begin(), requirement.roles.end(),
                                      [&](const std::string& name) { return caller.has_role(name); });
    // Administrators grant roles to a person whom they know by an address. Until that is proven, the
    // visitor's roles count as little as their permissions.
    if (!caller.holder.is_verified && !requirement.roles.empty())
        return Error{.code = ErrorCode::email_unverified};
    if (!has_permissions || !has_role) return Error{.code = ErrorCode::permission_denied};
    return {};
}

/// Renews a cookie whose token is past half of its life. So an active visitor is never signed out in the
/// middle of a form. `session_ended`: the session has ended.
Result<void> renew(Services& services, const Call& call, http::Response& response) {
    const auto& caller = *call.caller;
    const auto half = caller.issued_at + (caller.expires_at - caller.issued_at) / 2;
    if (call.carrier == Carrier::header || services.clock.now() < half) return {};
    try {
        const bool is_site = call.carrier == Carrier::site_cookie;
        auto token = services.gate.renew(caller, is_site ? sessions::Ticket::site : sessions::Ticket::access);
        if (!token) return token.error();
        if (!*token) return {};
        cookies::Jar jar;
        (is_site ? jar.site : jar.access) = std::move(**token);
        cookies::set(response, services.cookies, jar);
    } catch (const Unavailable&) {
        // The present token stays good for a while.
    }
    return {};
}

/// Cuts the list to kLongestPermissionsHeader. The flags come first, then the custom permissions by name. A
/// site that depends on one of many permissions names it in its requirement.
std::vector<std::string> those_that_fit(std::vector<std::string> permissions) {
    std::size_t bytes = 0;
    const auto end = std::find_if(permissions.begin(), permissions.end(), [&](const std::string& name) {
        bytes += name.size() + 1;
        return bytes > kLongestPermissionsHeader;
    });
    permissions.erase(end, permissions.end());
    return permissions;
}

std::string_view reason_of(ErrorCode code) {
    const auto& kind = http::kind_of(code);
    return kind.status >= 500 ? "unavailable" : kind.name;
}

/// Returns the answer for a visitor who may go on. The header names are those of Authelia and other products.
/// Address, roles and permissions are left out until the address is confirmed. Before that, nothing proves
/// that the visitor is the person whom administrators know by that address.
http::Response identity_of(const sessions::Caller& caller) {
    const auto& holder = caller.holder;
    http::Response response{.status = 204};
    response.headers.reserve(9);  // the eight below, and a renewed cookie
    response.headers.emplace_back("Remote-User", holder.username);
    response.headers.emplace_back("Remote-Id", holder.id.text());
    response.headers.emplace_back("Remote-Name", holder.full_name);
    response.headers.emplace_back("Remote-Email-Verified", holder.is_verified ? "true" : "false");
    if (holder.is_verified) {
        response.headers.emplace_back("Remote-Email", holder.email);
        response.headers.emplace_back("Remote-Groups", joined(caller.roles));
        response.headers.emplace_back("Remote-Permissions", joined(those_that_fit(caller.permissions)));
    }
    response.headers.emplace_back("X-Auth-Session", caller.session.text());
    return response;
}

/// Adds the name of a visitor who is signed in to a refusal, for the page that offers another account.
http::Response refused_for(http::Response refusal, const sessions::Caller& caller) {
    refusal.headers.emplace_back("Remote-User", caller.holder.username);
    return refusal;
}

using RefusalOf = http::Response (*)(const Error&);

/// Returns the answer for a visitor: their identity if they may go on, otherwise a refusal. A known visitor
/// who does not meet the requirement gets the refusal of `refusal_of`, with their name in it. Every other
/// refusal is an Error.
Result<http::Response> check(Services& services, const Call& call, const Requirement& requirement,
                             RefusalOf refusal_of) {
    if (call.refused_visitor) return *call.refused_visitor;
    const auto& caller = *call.caller;
    if (const auto alone = refuse_second_credential(requirement, call.request); !alone) return alone.error();
    if (const auto fits = require(requirement, caller); !fits)
        return refused_for(refusal_of(fits.error()), caller);
    http::Response response = identity_of(caller);
    if (const auto renewed = renew(services, call, response); !renewed) return renewed.error();
    return response;
}

/// Returns the address of the page that the visitor asked for, from the headers of the proxy; empty if they
/// are missing.
std::string visited_address(const http::Request& request) {
    const auto proto = request.header("x-forwarded-proto");
    const auto host = request.header("x-forwarded-host");
    const auto uri = request.header("x-forwarded-uri");
    if (proto.empty() || host.empty() || !uri.starts_with('/')) return {};
    return std::string{proto}.append("://").append(ascii_lower(host)).append(uri);
}

/// Returns true for a browser that asks for a page, but not for posted forms and scripts.
bool asks_for_page(const http::Request& request) {
    const auto method = request.header("x-forwarded-method");
    return (method.empty() || method == "GET") &&
           request.header("accept").find("text/html") != std::string_view::npos;
}

/// Returns the redirect to the sign-in page, which sends the browser back afterwards. Returns nullopt if the
/// request is not for a page, or if its address is not on one of the listed hosts.
std::optional<http::Response> sign_in_redirect(const Services& services, const http::Request& request) {
    if (!asks_for_page(request)) return std::nullopt;
    const auto address = visited_address(request);
    const auto back = http::return_address(address, services.return_hosts);
    if (address.empty() || !back) return std::nullopt;
    http::Response response{.status = 302};
    response.headers.emplace_back("Location",
                                  services.cookies.origin + "/sign-in/#return_to=" + std::string{*back});
    return response;
}

}  // namespace

http::Response verify_refusal(const Error& error) {
    http::Response response = http::problem(error, "");
    if (response.status != 401) response.status = 403;
    response.body.clear();
    response.headers.emplace_back("X-Auth-Reason", reason_of(error.code));
    return response;
}

http::Response forward_refusal(const Error& error) {
    http::Response response = verify_refusal(error);
    if (const int status = http::kind_of(error.code).status; status >= 500) response.status = status;
    return response;
}

// GET /auth/verify
Result<http::Response> verify_request(Services& services, const Call& call) {
    const auto requirement = requirement_of(call.request);
    if (!requirement) return requirement.error();
    return check(services, call, *requirement, verify_refusal);
}

// GET /auth/forward/{requirement}
Result<http::Response> forward_request(Services& services, const Call& call) {
    const auto requirement = requirement_in(call.path_parameters.at(0));
    if (!requirement) return requirement.error();
    auto answer = check(services, call, *requirement, forward_refusal);
    if (!answer && http::kind_of(answer.error().code).status == 401)
        if (auto redirect = sign_in_redirect(services, call.request)) {
            redirect->code = http::kind_of(answer.error().code).name;
            return std::move(*redirect);
        }
    return answer;
}

}  // namespace csauth::handlers
