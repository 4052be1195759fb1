#include "handlers/views/roles.h"

#include "base/timestamps.h"

namespace csauth::handlers::views {

void begin_role(json::Writer& json, const roles::Role& role) {
    json.begin_object()
        .member("name", role.name)
        .member("description", role.description)
        .member("priority", role.priority);
    for (const auto& named : roles::kFlags)
        json.member(named.name, role.flags.*named.flag);
    json.key("custom_permissions").begin_object();
    for (const auto& [name, value] : role.custom)
        json.key(name).raw(value);
    json.end_object().member("created_at", rfc3339(role.created_at));
}

void write_permissions(json::Writer& json, const roles::Permissions& permissions) {
    json.begin_object();
    for (const auto& named : roles::kFlags)
        json.member(named.name, permissions.flags.*named.flag);
    for (const auto& [name, value] : permissions.custom)
        json.key(name).raw(value);
    json.end_object();
}

std::string role(const roles::Role& role) {
    json::Writer json;
    begin_role(json, role);
    return json.end_object().text();
}

std::string roles(const std::vector<roles::Role>& roles) {
    json::Writer json;
    json.begin_object().key("items").begin_array();
    for (const auto& role : roles) {
        begin_role(json, role);
        json.end_object();
    }
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

}  // namespace csauth::handlers::views
