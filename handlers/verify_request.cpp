#include "handlers/verify_request.h"

#include <algorithm>
#include <span>

#include "base/lists.h"
#include "base/unavailable.h"
#include "handlers/cookies.h"
#include "handlers/handlers.h"
#include "http/problem.h"

namespace csauth::handlers {
namespace {

// nginx reads the head of an answer into a buffer of fixed size.
constexpr std::size_t kLongestPermissionsHeader = 4096;

/// What a location asks of who comes in.
struct Requirement {
    std::vector<std::string> permissions;  ///< all of them
    std::vector<std::string> roles;        ///< one of them, where there are any
    bool allows_unverified = false;
};

/// Where a caller's token came from: what is renewed there.
enum class Carrier { header, access_cookie, site_cookie };

struct Presented {
    sessions::Caller caller;
    Carrier carrier;
};

Error bad_requirement(const char* detail) { return {.code = ErrorCode::bad_request, .detail = detail}; }

/// A word that is misspelt must not open a location.
Result<Requirement> requirement_in(std::string_view query) {
    const auto parameters = http::parse_query(query);
    if (!parameters) return parameters.error();
    Requirement requirement;
    for (const auto& [name, value] : parameters->all()) {
        if (name == "permission")
            requirement.permissions = split_list(value);
        else if (name == "role")
            requirement.roles = split_list(value);
        else if (name == "unverified" && value == "allow")
            requirement.allows_unverified = true;
        else if (name == "any" && value.empty())
            continue;  // whoever is signed in
        else
            return bad_requirement("The location asks for something that is unknown.");
        if (name != "unverified" && split_list(value).empty())
            return bad_requirement("The location asks for nothing by an empty name.");
    }
    return requirement;
}

bool has(const std::vector<std::string>& all, const std::string& wanted) {
    return std::find(all.begin(), all.end(), wanted) != all.end();
}

Result<void> require(const Requirement& requirement, const sessions::Caller& caller) {
    if (!caller.holder.is_verified && !requirement.allows_unverified)
        return Error{.code = ErrorCode::email_unverified};
    const bool has_permissions =
        std::all_of(requirement.permissions.begin(), requirement.permissions.end(),
                    [&](const std::string& name) { return has(caller.permissions, name); });
    const bool has_role = requirement.roles.empty() ||
                          std::any_of(requirement.roles.begin(), requirement.roles.end(),
                                      [&](const std::string& name) { return has(caller.roles, name); });
    if (!has_permissions || !has_role) return Error{.code = ErrorCode::permission_denied};
    return {};
}

Result<Presented> identify(Services& services, const Call& call) {
    const auto as = [](Result<sessions::Caller> caller, Carrier carrier) -> Result<Presented> {
        if (!caller) return caller.error();
        return Presented{std::move(*caller), carrier};
    };
    if (const auto token = call.bearer_token(); !token.empty())
        return as(services.gate.admit(token), Carrier::header);
    Result<Presented> refused = Error{.code = ErrorCode::authentication_required};
    if (const auto token = cookies::find(call.request, cookies::kAccess)) {
        refused = as(services.gate.admit(*token), Carrier::access_cookie);
        if (refused) return refused;
    }
    if (const auto token = cookies::find(call.request, cookies::kSite))
        return as(services.gate.admit_site(*token), Carrier::site_cookie);
    return refused;
}

/// A visitor who is on the site now and then is never thrown out in the middle of a form.
Result<void> renew(Services& services, const Presented& presented, http::Response& response) {
    const auto& caller = presented.caller;
    const auto half = caller.issued_at + (caller.expires_at - caller.issued_at) / 2;
    if (presented.carrier == Carrier::header || services.clock.now() < half) return {};
    try {
        const bool is_site = presented.carrier == Carrier::site_cookie;
        auto token = services.gate.renew(caller, is_site ? sessions::Ticket::site : sessions::Ticket::access);
        if (!token) return token.error();
        if (!*token) return {};
        cookies::Jar jar;
        (is_site ? jar.site : jar.access) = std::move(**token);
        cookies::set(response, services.cookies, jar);
    } catch (const Unavailable&) {
        // The token that was shown is good for a while.
    }
    return {};
}

/// The flags come first, then the custom ones by name. A site that needs one of many asks for it.
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

}  // namespace

http::Response verify_refusal(const Error& error) {
    http::Response response = http::problem(error, "");
    if (response.status != 401) response.status = 403;
    response.body.clear();
    response.headers.emplace_back("X-Auth-Reason", reason_of(error.code));
    return response;
}

// GET /auth/verify?permission=a,b&role=c,d&unverified=allow, or ?any: whether a request may go on, for nginx'
// auth_request and other proxies.
Result<http::Response> verify_request(Services& services, const Call& call) {
    const auto requirement = requirement_in(call.request.query);
    if (!requirement) return requirement.error();
    const auto presented = identify(services, call);
    if (!presented) return presented.error();
    const auto& caller = presented->caller;
    if (const auto fits = require(*requirement, caller); !fits) return fits.error();

    // The names are Authelia's, and those of its kind.
    http::Response response{.status = 204};
    response.headers.reserve(8);
    response.headers.emplace_back("Remote-User", caller.holder.username);
    response.headers.emplace_back("Remote-Id", caller.holder.id.text());
    response.headers.emplace_back("Remote-Name", caller.holder.full_name);
    response.headers.emplace_back("Remote-Email", caller.holder.email);
    response.headers.emplace_back("Remote-Groups", joined(caller.roles));
    response.headers.emplace_back("Remote-Permissions", joined(those_that_fit(caller.permissions)));
    response.headers.emplace_back("X-Auth-Session", caller.session.text());
    if (const auto renewed = renew(services, *presented, response); !renewed) return renewed.error();
    return response;
}

}  // namespace csauth::handlers
