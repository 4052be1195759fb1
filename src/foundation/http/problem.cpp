#include "http/problem.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/timestamps.h"
#include "json/writer.h"

namespace csauth::http {
namespace {

constexpr std::chrono::seconds kRetryUnlessSaid{2};

using enum ErrorCode;

constexpr ProblemKind kKinds[] = {
    {bad_request, 400, "bad_request", "The request can't be understood", "Correct what `detail` names."},
    {malformed_json, 400, "malformed_json", "The body is not acceptable JSON",
     "Send one JSON object in UTF-8: at most 16 KiB, 8 levels and 64 members, none twice, and no NUL."},
    {length_mismatch, 400, "length_mismatch", "The body is not as long as its Content-Length",
     "The connection broke, or a proxy changed the body: send the request again."},
    {one_time_token_invalid, 400, "one_time_token_invalid", "The link or code is not valid, or not any more",
     "Ask for a new mail."},
    {link_superseded, 400, "link_superseded", "A newer mail was sent",
     "Use the link in the newest mail. `detail` says whether this one was used, too."},
    {authentication_required, 401, "authentication_required", "Sign in first",
     "Send `Authorization: Bearer` with an access token."},
    {invalid_credentials, 401, "invalid_credentials", "E-mail address or password is wrong",
     "One answer for both halves; a reset link helps who forgot."},
    {invalid_token, 401, "invalid_token", "The token is not valid", "Sign in again."},
    {token_expired, 401, "token_expired", "The token has expired", "Refresh it, or sign in again."},
    {session_ended, 401, "session_ended", "The session has ended", "Sign in again."},
    {account_banned, 403, "account_banned", "The account is banned",
     "`detail` has the reason, where one was given; `until` has the end, where one is set."},
    {email_unverified, 403, "email_unverified", "The e-mail address has not been confirmed yet",
     "Follow the link in the mail, or have it sent again."},
    {permission_denied, 403, "permission_denied", "This is not allowed to you", "Ask an administrator."},
    {cross_site_request, 403, "cross_site_request", "The request does not come from our own pages",
     "With cookies, what changes something needs our own `Origin`, or `Sec-Fetch-Site: same-origin`."},
    {forged_identity, 403, "forged_identity", "The request itself claims to say who sends it",
     "Leave out the `Remote-*`, `X-Auth-Session` and `X-Auth-Reason` headers and Basic credentials: the "
     "service sets the headers, and a location that takes Basic credentials says so with `basic=allow`."},
    {not_found, 404, "not_found", "There is nothing here",
     "Also the answer for what the caller may not know of."},
    {method_not_allowed, 405, "method_not_allowed", "This method is not available here",
     "The `Allow` header lists those that are."},
    {email_taken, 409, "email_taken", "The e-mail address has an account", "Sign in, or reset the password."},
    {username_taken, 409, "username_taken", "The username is taken", "Choose another."},
    {role_taken, 409, "role_taken", "The role's name is taken", "Choose another."},
    {role_in_use, 409, "role_in_use", "The role is in use", "`detail` says what keeps it."},
    {last_role_manager, 409, "last_role_manager", "Nobody could manage roles any more",
     "First give somebody else a role with `can_manage_roles`."},
    {limit_reached, 409, "limit_reached", "There can't be more of these", "`detail` names the limit."},
    {body_too_large, 413, "body_too_large", "The body is too large",
     "The OpenAPI document states every limit."},
    {unsupported_media_type, 415, "unsupported_media_type", "The Content-Type is not one that this takes",
     "Send what the OpenAPI document names for this path, mostly `Content-Type: application/json`."},
    {misdirected_request, 421, "misdirected_request", "The request came to the wrong server",
     "Check the host name. If it is right, the administrator's nginx files do not fit the installed "
     "version: install both again."},
    {validation_failed, 422, "validation_failed", "Some members are not valid",
     "`errors` names each of them."},
    {too_many_requests, 429, "too_many_requests", "Too many attempts", "Wait for `Retry-After` seconds."},
    {headers_too_large, 431, "headers_too_large", "The request has too many or too large headers",
     "Send fewer headers or cookies: at most 230 headers, 24 KiB each, 96 KiB in all."},
    {internal_error, 500, "internal_error", "Something broke on our side",
     "Tell the administrator the `instance`: the log has the rest."},
    {service_unavailable, 503, "service_unavailable", "The service is not available at the moment",
     "Try again after `Retry-After` seconds. A request that met a breakdown on its way may have had its "
     "effect."},
};

std::string challenge(ErrorCode code) {
    // RFC 6750 section 3: no error attribute if the request had no token.
    if (code == invalid_token || code == token_expired || code == session_ended)
        return R"(Bearer realm="csauth", error="invalid_token")";
    return R"(Bearer realm="csauth")";
}

/// Returns the name of the code. For refused tokens that is the one code which SimpleJWT has for all of them.
std::string_view drf_code(const ProblemKind& kind) {
    const bool is_refused_token =
        kind.code == invalid_token || kind.code == token_expired || kind.code == session_ended;
    return is_refused_token ? "token_not_valid" : kind.name;
}

bool is_member_of_document(std::string_view name) {
    constexpr std::string_view members[] = {"type", "title",    "status", "detail",
                                            "code", "instance", "errors", "error"};
    return std::find(std::begin(members), std::end(members), name) != std::end(members);
}

/// Returns the complaints about each field. Those about the body itself have the name that Django REST
/// framework gives them.
std::map<std::string, std::vector<std::string_view>> drf_fields(const Error& error) {
    std::map<std::string, std::vector<std::string_view>> fields;
    for (const auto& field : error.fields) {
        auto name = field.field.empty() ? "non_field_errors" : field.field.substr(0, field.field.find('/'));
        if (!is_member_of_document(name)) fields[name].push_back(field.detail);
    }
    return fields;
}

/// Writes the members of RFC 9457 and our own, without the braces.
void write_members(json::Writer& body, const Error& error, std::string_view code,
                   std::string_view request_id) {
    const ProblemKind& kind = kind_of(error.code);
    const std::string_view detail = error.detail.empty() ? kind.title : std::string_view{error.detail};
    body.member("type", "/problems/" + std::string{kind.name})
        .member("title", kind.title)
        .member("status", kind.status)
        .member("detail", detail)
        .member("code", code)
        .member("instance", request_id);
    if (error.until) body.member("until", rfc3339_seconds(*error.until));
    if (!error.fields.empty()) {
        body.key("errors").begin_array();
        for (const auto& field : error.fields) {
            body.begin_object()
                .member("pointer", field.field.empty() ? std::string{} : '/' + field.field)
                .member("code", name_of(field.code))
                .member("detail", field.detail)
                .end_object();
        }
        body.end_array();
    }
    body.member("error", detail);
}

Response response_with(std::string body, const Error& error) {
    const ProblemKind& kind = kind_of(error.code);
    Response response{.status = kind.status,
                      .body = std::move(body),
                      .content_type = "application/problem+json; charset=utf-8",
                      .code = kind.name};
    if (kind.status == 401) response.headers.emplace_back("WWW-Authenticate", challenge(error.code));
    if (error.retry_after || kind.status == 429 || kind.status == 503) {
        response.headers.emplace_back("Retry-After",
                                      std::to_string(error.retry_after.value_or(kRetryUnlessSaid).count()));
    }
    return response;
}

}  // namespace

const ProblemKind& kind_of(ErrorCode code) {
    const auto& kind = kKinds[static_cast<std::size_t>(code)];
    if (kind.code != code) throw std::logic_error("the problem table is not in the order of ErrorCode");
    return kind;
}

std::span<const ProblemKind> all_problem_kinds() { return kKinds; }

Response problem(const Error& error, std::string_view request_id) {
    static_assert(std::size(kKinds) == static_cast<std::size_t>(service_unavailable) + 1);
    json::Writer body;
    body.begin_object();
    write_members(body, error, kind_of(error.code).name, request_id);
    body.end_object();
    return response_with(body.text(), error);
}

Response drf_problem(const Error& error, std::string_view request_id) {
    json::Writer body;
    body.begin_object();
    write_members(body, error, drf_code(kind_of(error.code)), request_id);
    for (const auto& [name, complaints] : drf_fields(error)) {
        body.key(name).begin_array();
        for (const auto complaint : complaints)
            body.value(complaint);
        body.end_array();
    }
    body.end_object();
    auto response = response_with(body.text(), error);
    response.content_type = "application/json; charset=utf-8";
    return response;
}

}  // namespace csauth::http
