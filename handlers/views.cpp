#include "handlers/views.h"

#include "base/timestamps.h"
#include "json/writer.h"
#include "sessions/user_agent.h"

namespace csauth::handlers::views {
namespace {

std::optional<std::string> time(const std::optional<TimePoint>& point) {
    return point ? std::optional{rfc3339(*point)} : std::nullopt;
}

/// Where nginx serves the large picture; the small one ends in -96.webp instead. An account has no picture
/// while its address is not confirmed.
std::optional<std::string> avatar_path(const users::User& user) {
    if (!user.avatar || !user.is_verified) return std::nullopt;
    return "/avatars/" + user.avatar->substr(0, 2) + '/' + *user.avatar + "-512.webp";
}

/// Leaves the object open.
void begin_user(json::Writer& json, const users::User& user, const std::vector<std::string>& roles) {
    json.begin_object()
        .member("id", user.id.text())
        .member("email", user.email)
        .member("username", user.username)
        .member("full_name", user.full_name)
        .member("bio", user.bio)
        .member("avatar", avatar_path(user))
        .member("is_verified", user.is_verified)
        .member("is_online", user.is_online)
        .member("last_seen", time(user.last_seen))
        .member("created_at", rfc3339(user.created_at));
    json.key("roles").begin_array();
    for (const auto& role : roles)
        json.value(role);
    json.end_array().member("language", user.language).member("hide_presence", user.hide_presence);
}

void write_user(json::Writer& json, const users::User& user, const std::vector<std::string>& roles) {
    begin_user(json, user, roles);
    json.end_object();
}

void write_ban(json::Writer& json, const std::optional<users::Ban>& ban) {
    json.key("ban");
    if (ban)
        json.begin_object().member("reason", ban->reason).member("until", time(ban->until)).end_object();
    else
        json.null();
}

void write_managed_user(json::Writer& json, const users::User& user, const std::vector<std::string>& roles) {
    begin_user(json, user, roles);
    write_ban(json, user.ban);
    json.end_object();
}

void write_role(json::Writer& json, const roles::Role& role) {
    json.begin_object()
        .member("name", role.name)
        .member("description", role.description)
        .member("priority", role.priority);
    for (const auto& named : roles::kFlags)
        json.member(named.name, role.flags.*named.flag);
    json.key("custom_permissions").begin_object();
    for (const auto& [name, value] : role.custom)
        json.key(name).raw(value);
    json.end_object().member("created_at", rfc3339(role.created_at)).end_object();
}

void write_names(json::Writer& json, std::string_view member, const std::vector<std::string>& names) {
    json.key(member).begin_array();
    for (const auto& name : names)
        json.value(name);
    json.end_array();
}

/// The claims of an access token, into an object that is open.
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

std::optional<std::string> text(const std::optional<UserId>& id) {
    return id ? std::optional{id->text()} : std::nullopt;
}

/// Whose doing something was, as its subject may know.
std::string_view actor_for(const audit::Entry& entry, UserId own) {
    if (!entry.actor) return "";
    return entry.actor == own ? "you" : "administrator";
}

/// Leaves the object open.
void begin_activity(json::Writer& json, const audit::Entry& entry, UserId own) {
    const bool is_others = entry.actor && entry.actor != own;
    json.begin_object()
        .member("at", rfc3339(entry.at))
        .member("action", entry.action)
        .member("outcome", entry.outcome)
        .member("by", actor_for(entry, own))
        .member("ip", is_others ? std::string{} : entry.ip)
        .member("detail", entry.detail);
}

void write_permissions(json::Writer& json, const roles::Permissions& permissions) {
    json.begin_object();
    for (const auto& named : roles::kFlags)
        json.member(named.name, permissions.flags.*named.flag);
    for (const auto& [name, value] : permissions.custom)
        json.key(name).raw(value);
    json.end_object();
}

/// Leaves the object open. `device_key`: where it is to be told.
void begin_session(json::Writer& json, const sessions::Session& session, std::string_view device_key = {}) {
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

void write_session(json::Writer& json, const sessions::Session& session, bool is_current,
                   std::string_view device_key = {}) {
    begin_session(json, session, device_key);
    json.member("current", is_current).end_object();
}

void write_tokens(json::Writer& json, const sessions::TokenPair& tokens) {
    json.begin_object().member("access", tokens.access).member("refresh", tokens.refresh).end_object();
}

void write_device(json::Writer& json, const devices::DeviceRecord& record, DeviceId current) {
    json.begin_object()
        .member("id", record.device.id.text())
        .member("name", record.device.name)
        .member("type", name_of(record.device.type))
        .member("has_push_token", record.push_token.has_value())
        .member("created_at", rfc3339(record.created_at))
        .member("last_active", rfc3339(record.last_seen))
        .member("current", record.device.id == current)
        .end_object();
}

/// {user, tokens?, permissions, session, message}
std::string write_opened_session(const sessions::OpenedSession& admitted, const sessions::TokenPair* tokens,
                                 std::string_view device_key, std::string_view message) {
    // Until the address is confirmed the account is for its owner's eyes only.
    const auto permissions =
        admitted.user.is_verified ? roles::effective_permissions(admitted.roles) : roles::Permissions{};
    json::Writer json;
    json.begin_object();
    write_user(json.key("user"), admitted.user, roles::names_of(admitted.roles));
    if (tokens != nullptr) write_tokens(json.key("tokens"), *tokens);
    write_permissions(json.key("permissions"), permissions);
    write_session(json.key("session"), admitted.session, true, device_key);
    json.member("message", message).end_object();
    return json.text();
}

}  // namespace

std::string user(const users::User& user, const std::vector<std::string>& role_names) {
    json::Writer json;
    write_user(json, user, role_names);
    return json.text();
}

std::string stranger(const users::User& user) {
    json::Writer json;
    json.begin_object()
        .member("id", user.id.text())
        .member("username", user.username)
        .member("full_name", user.full_name)
        .member("bio", user.bio)
        .member("avatar", avatar_path(user));
    if (!user.hide_presence)
        json.member("is_online", user.is_online).member("last_seen", time(user.last_seen));
    return json.end_object().text();
}

std::string managed_user(const users::User& user, const std::vector<std::string>& role_names) {
    json::Writer json;
    write_managed_user(json, user, role_names);
    return json.text();
}

std::string ban(const users::User& user) {
    json::Writer json;
    json.begin_object().member("id", user.id.text());
    write_ban(json, user.ban);
    return json.end_object().text();
}

std::string managed_users(const std::vector<users::ListedUser>& users,
                          const std::optional<std::string>& next) {
    json::Writer json;
    json.begin_object().key("items").begin_array();
    for (const auto& listed : users)
        write_managed_user(json, listed.user, listed.roles);
    json.end_array().member("next", next).end_object();
    return json.text();
}

std::string role(const roles::Role& role) {
    json::Writer json;
    write_role(json, role);
    return json.text();
}

std::string roles(const std::vector<roles::Role>& roles) {
    json::Writer json;
    json.begin_object().key("items").begin_array();
    for (const auto& role : roles)
        write_role(json, role);
    json.end_array().key("next").null();
    return json.end_object().text();
}

std::string roles_of_user(UserId user, const std::vector<roles::Role>& roles) {
    json::Writer json;
    json.begin_object().member("user_id", user.text()).key("roles").begin_array();
    for (const auto& role : roles)
        json.value(role.name);
    return json.end_array().end_object().text();
}

std::string audit_entries(const std::vector<audit::Entry>& entries, const std::optional<std::string>& next) {
    json::Writer json;
    json.begin_object().key("items").begin_array();
    for (const auto& entry : entries)
        json.begin_object()
            .member("id", entry.id.text())
            .member("at", rfc3339(entry.at))
            .member("action", entry.action)
            .member("outcome", entry.outcome)
            .member("actor", text(entry.actor))
            .member("subject", text(entry.subject))
            .member("ip", entry.ip)
            .member("request_id", entry.request_id)
            .member("detail", entry.detail)
            .end_object();
    return json.end_array().member("next", next).end_object().text();
}

std::string activity(const std::vector<audit::Entry>& entries, UserId own,
                     const std::optional<std::string>& next) {
    json::Writer json;
    json.begin_object().key("items").begin_array();
    for (const auto& entry : entries) {
        begin_activity(json, entry, own);
        json.member("id", entry.id.text()).end_object();
    }
    return json.end_array().member("next", next).end_object().text();
}

std::string opened_session(const sessions::OpenedSession& admitted, std::string_view device_key,
                           std::string_view message) {
    return write_opened_session(admitted, &admitted.tokens, device_key, message);
}

std::string opened_session_by_cookie(const sessions::OpenedSession& admitted, std::string_view message) {
    return write_opened_session(admitted, nullptr, {}, message);
}

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

std::string sessions(const std::vector<sessions::Session>& sessions, SessionId current) {
    json::Writer json;
    json.begin_object().key("items").begin_array();
    for (const auto& session : sessions)
        write_session(json, session, session.id == current);
    json.end_array().key("next").null();
    json.end_object();
    return json.text();
}

std::string device(const devices::DeviceRecord& device, DeviceId current) {
    json::Writer json;
    write_device(json, device, current);
    return json.text();
}

std::string devices(const std::vector<devices::DeviceRecord>& devices, DeviceId current,
                    const std::optional<std::string>& next) {
    json::Writer json;
    json.begin_object().key("items").begin_array();
    for (const auto& record : devices)
        write_device(json, record, current);
    json.end_array().member("next", next).end_object();
    return json.text();
}

std::string push_targets(const std::vector<devices::PushTarget>& targets) {
    json::Writer json;
    json.begin_object().key("items").begin_array();
    for (const auto& target : targets)
        json.begin_object()
            .member("user", target.user.text())
            .member("device", target.device.id.text())
            .member("type", name_of(target.device.type))
            .member("push_token", target.push_token)
            .end_object();
    json.end_array().end_object();
    return json.text();
}

std::string seen(const std::vector<presence::Seen>& users) {
    json::Writer json;
    json.begin_object();
    for (const auto& user : users)
        json.key(user.user.text())
            .begin_object()
            .member("status", name_of(user.status))
            .member("last_seen", time(user.last_seen))
            .end_object();
    return json.end_object().text();
}

std::string token_pair(const sessions::TokenPair& tokens) {
    json::Writer json;
    write_tokens(json, tokens);
    return json.text();
}

std::string personal_data(const accounts::PersonalData& data) {
    json::Writer json;
    json.begin_object();
    write_user(json.key("user"), data.user, roles::names_of(data.roles));
    write_ban(json, data.user.ban);
    json.key("sessions").begin_array();
    for (const auto& record : data.sessions.items) {
        begin_session(json, record.session);
        json.member("ended_at", time(record.ended_at)).member("end_reason", record.end_reason).end_object();
    }
    json.end_array().member("sessions_are_complete", data.sessions.is_complete);
    json.key("devices").begin_array();
    for (const auto& record : data.devices.items)
        json.begin_object()
            .member("id", record.device.id.text())
            .member("name", record.device.name)
            .member("type", name_of(record.device.type))
            .member("push_token", record.push_token)
            .member("is_online", record.is_online)
            .member("last_seen", rfc3339(record.last_seen))
            .member("created_at", rfc3339(record.created_at))
            .end_object();
    json.end_array().member("devices_are_complete", data.devices.is_complete);
    json.key("one_time_tokens").begin_array();
    for (const auto& token : data.tokens.items)
        json.begin_object()
            .member("purpose", name_of(token.purpose))
            .member("address", token.address.empty() ? token.email_key : token.address)
            .member("created_at", rfc3339(token.created_at))
            .member("expires_at", rfc3339(token.expires_at))
            .member("used", token.is_consumed)
            .member("return_to", token.return_to.empty() ? std::nullopt : std::optional{token.return_to})
            .end_object();
    json.end_array().member("one_time_tokens_are_complete", data.tokens.is_complete);
    json.key("mails").begin_array();
    for (const auto& mail : data.mails.items)
        json.begin_object()
            .member("id", mail.id.text())
            .member("template", mail.which)
            .member("language", mail.language)
            .member("recipient", mail.recipient)
            .member("state", mail.state)
            .member("created_at", rfc3339(mail.created_at))
            .member("finished_at", time(mail.finished_at))
            .end_object();
    json.end_array().member("mails_are_complete", data.mails.is_complete);
    json.key("activity").begin_array();
    for (const auto& entry : data.activity.items) {
        begin_activity(json, entry, data.user.id);
        json.end_object();
    }
    json.end_array().member("activity_is_complete", data.activity.is_complete).end_object();
    return json.text();
}

std::string message(std::string_view text) {
    return json::Writer{}.begin_object().member("message", text).end_object().text();
}

}  // namespace csauth::handlers::views
