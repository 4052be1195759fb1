#include "handlers/views/sessions.h"

#include "base/timestamps.h"
#include "handlers/views/roles.h"
#include "handlers/views/users.h"
#include "sessions/user_agent.h"

namespace csauth::handlers::views {
namespace {

void write_session(json::Writer& json, const sessions::Session& session, bool is_current,
                   std::string_view device_key = {}) {
    begin_session(json, session, device_key);
    json.member("current", is_current).end_object();
}

void write_tokens(json::Writer& json, const sessions::TokenPair& tokens) {
    json.begin_object().member("access", tokens.access).member("refresh", tokens.refresh).end_object();
}

/// Returns {user, tokens?, permissions, session, message}. `tokens`: null to leave them out.
std::string write_opened_session(const sessions::OpenedSession& opened, const sessions::TokenPair* tokens,
                                 std::string_view device_key, std::string_view message) {
    // Permissions are effective only once the address is confirmed.
    const auto permissions =
        opened.user.is_verified ? roles::effective_permissions(opened.roles) : roles::Permissions{};
    json::Writer json;
    json.begin_object();
    write_user(json.key("user"), opened.user, roles::names_of(opened.roles));
    if (tokens != nullptr) write_tokens(json.key("tokens"), *tokens);
    write_permissions(json.key("permissions"), permissions);
    write_session(json.key("session"), opened.session, true, device_key);
    json.member("message", message).end_object();
    return json.text();
}

}  // namespace

void begin_session(json::Writer& json, const sessions::Session& session, std::string_view device_key) {
    json.begin_object()
        .member("id", session.id.text())
        .member("created_at", rfc3339(session.created_at))
        .member("last_active", rfc3339(session.last_active_at))
        .member("expires_at", rfc3339(session.expires_at));
    json.key("device")
        .begin_object()
        .member("id", session.device.id.text())
        .member("name", session.device.name)
        .member("type", name_of(session.device.type));
    if (!device_key.empty()) json.member("key", device_key);
    json.end_object()
        .member("ip", session.ip)
        .member("user_agent", session.user_agent)
        .member("client", sessions::client_named_in(session.user_agent));
}

std::string opened_session(const sessions::OpenedSession& opened, std::string_view device_key,
                           std::string_view message) {
    return write_opened_session(opened, &opened.tokens, device_key, message);
}

std::string opened_session_by_cookie(const sessions::OpenedSession& opened, std::string_view message) {
    return write_opened_session(opened, nullptr, {}, message);
}

std::string sessions(const std::vector<sessions::Session>& sessions, SessionId current) {
    json::Writer json;
    json.begin_object().key("items").begin_array();
    for (const auto& session : sessions)
        write_session(json, session, session.id == current);
    json.end_array().key("next").null();
    json.end_object();
    return json.text();
}

std::string token_pair(const sessions::TokenPair& tokens) {
    json::Writer json;
    write_tokens(json, tokens);
    return json.text();
}

}  // namespace csauth::handlers::views
