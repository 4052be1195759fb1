#include "handlers/views/claims.h"

#include "base/timestamps.h"
#include "json/writer.h"

namespace csauth::handlers::views {
namespace {

void write_names(json::Writer& json, std::string_view member, const std::vector<std::string>& names) {
    json.key(member).begin_array();
    for (const auto& name : names)
        json.value(name);
    json.end_array();
}

/// Writes the claims of an access token into the open object.
void write_claims(json::Writer& json, std::string_view issuer, std::string_view audience,
                  const sessions::Caller& caller) {
    const auto& holder = caller.holder;
    json.member("iss", issuer)
        .member("aud", audience)
        .member("sub", holder.id.text())
        .member("user_id", holder.id.text())
        .member("sid", caller.session.text())
        .member("iat", unix_seconds(caller.issued_at))
        .member("exp", unix_seconds(caller.expires_at))
        .member("username", holder.username)
        .member("email", holder.email)
        .member("name", holder.full_name)
        .member("email_verified", holder.is_verified);
    write_names(json, "roles", caller.roles);
    write_names(json, "permissions", caller.permissions);
}

}  // namespace

std::string checked(std::string_view issuer, const sessions::Checked& token) {
    json::Writer json;
    json.begin_object().key("claims").begin_object();
    json.member("token_type", token.caller ? "access" : "refresh");
    if (token.caller)
        write_claims(json, issuer, token.audience, *token.caller);
    else
        json.member("sid", token.session.text()).member("exp", unix_seconds(token.expires_at));
    return json.end_object().end_object().text();
}

std::string introspection(std::string_view issuer, std::string_view audience,
                          const sessions::Caller& caller) {
    json::Writer json;
    json.begin_object().member("active", true).member("token_type", "Bearer");
    write_claims(json, issuer, audience, caller);
    std::string scope;
    for (const auto& permission : caller.permissions)
        scope.append(scope.empty() ? "" : " ").append(permission);
    return json.member("scope", scope).end_object().text();
}

std::string inactive() { return R"({"active":false})"; }

}  // namespace csauth::handlers::views
