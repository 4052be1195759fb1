#include "handlers/oauth.h"

#include "base/encoding.h"
#include "handlers/call.h"
#include "handlers/views/claims.h"
#include "http/form.h"
#include "http/problem.h"
#include "json/writer.h"
#include "limits/limiter.h"
#include "sessions/gate.h"
#include "sessions/tokens.h"

namespace csauth::handlers {
namespace {

std::string_view oauth_code(int status) {
    if (status == 401) return "invalid_client";
    if (status == 429 || status == 503) return "temporarily_unavailable";
    return status < 500 ? "invalid_request" : "server_error";
}

struct BasicCredentials {
    std::string name;
    std::string password;
};

/// Returns the name and the password of "Authorization: Basic" (RFC 7617); nullopt if there are none.
std::optional<BasicCredentials> basic_credentials(const http::Request& request) {
    constexpr std::string_view scheme = "basic ";
    const auto header = request.header("authorization");
    if (!equals_ignoring_case(header.substr(0, scheme.size()), scheme)) return std::nullopt;
    const auto decoded = decode_base64(trimmed(header.substr(scheme.size())));
    const auto colon = decoded ? decoded->find(':') : std::string::npos;
    if (colon == std::string::npos) return std::nullopt;
    return BasicCredentials{decoded->substr(0, colon), decoded->substr(colon + 1)};
}

/// Returns the audience whose service asks.
/// `invalid_credentials`: the service has not sent the client secret.
/// `too_many_requests`: that happened too often from this address. A service with the secret never gets it.
Result<std::string> asking_audience(Services& services, const Call& call) {
    const auto given = basic_credentials(call.request);
    if (given && services.tokens.is_client_secret(given->name, given->password)) return given->name;
    const auto counted =
        services.limiter.attempt(limits::Limit::introspection, limits::address_key(call.request.remote_ip));
    if (!counted) return counted.error();
    return Error{.code = ErrorCode::invalid_credentials,
                 .detail = "Send the name of the audience and its client secret as Basic credentials."};
}

}  // namespace

http::Response oauth_refusal(const Error& error) {
    const auto& kind = http::kind_of(error.code);
    http::Response response = http::problem(error, "");  // for the headers of the status
    response.content_type = "application/json; charset=utf-8";
    for (auto& [name, value] : response.headers)
        if (name == "WWW-Authenticate") value = R"(Basic realm="csauth", charset="UTF-8")";
    json::Writer json;
    json.begin_object()
        .member("error", oauth_code(response.status))
        .member("error_description", error.detail.empty() ? kind.title : std::string_view{error.detail})
        .end_object();
    response.body = json.text();
    return response;
}

// POST /oauth/introspect
Result<http::Response> introspect_token(Services& services, const Call& call) {
    const auto audience = asking_audience(services, call);
    if (!audience) return audience.error();
    const auto form = http::parse_urlencoded(call.request.body, "form");
    if (!form) return form.error();
    const auto token = form->given("token");
    if (!token) return Error{.code = ErrorCode::bad_request, .detail = "`token` is missing."};

    const auto caller = services.gate.check_outside(*token, *audience);
    return http::Response{.status = 200,
                          .body = caller ? views::introspection(services.tokens.issuer(), *audience, *caller)
                                         : views::inactive()};
}

}  // namespace csauth::handlers
