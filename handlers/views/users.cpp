#include "handlers/views/users.h"

#include "base/timestamps.h"

namespace csauth::handlers::views {
namespace {

/// Returns the path at which nginx serves the large picture; that of the small one ends in -96.webp. Returns
/// nullopt if there is no picture, or if the address is not confirmed.
std::optional<std::string> avatar_path(const users::User& user) {
    if (!user.avatar || !user.is_verified) return std::nullopt;
    return "/avatars/" + user.avatar->substr(0, 2) + '/' + *user.avatar + "-512.webp";
}

/// Begins the object of a user. The caller must end it.
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
        .member("last_seen", rfc3339(user.last_seen))
        .member("created_at", rfc3339(user.created_at));
    json.key("roles").begin_array();
    for (const auto& role : roles)
        json.value(role);
    json.end_array().member("language", user.language).member("hide_presence", user.hide_presence);
}

}  // namespace

void write_user(json::Writer& json, const users::User& user, const std::vector<std::string>& roles) {
    begin_user(json, user, roles);
    json.end_object();
}

void write_ban(json::Writer& json, const std::optional<users::Ban>& ban) {
    json.key("ban");
    if (ban)
        json.begin_object().member("reason", ban->reason).member("until", rfc3339(ban->until)).end_object();
    else
        json.null();
}

void begin_managed_user(json::Writer& json, const users::User& user, const std::vector<std::string>& roles) {
    begin_user(json, user, roles);
    write_ban(json, user.ban);
}

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
        json.member("is_online", user.is_online).member("last_seen", rfc3339(user.last_seen));
    return json.end_object().text();
}

std::string managed_user(const users::User& user, const std::vector<std::string>& role_names) {
    json::Writer json;
    begin_managed_user(json, user, role_names);
    json.end_object();
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
    for (const auto& listed : users) {
        begin_managed_user(json, listed.user, listed.roles);
        json.end_object();
    }
    json.end_array().member("next", next).end_object();
    return json.text();
}

}  // namespace csauth::handlers::views
