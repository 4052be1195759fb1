#include "roles/roles.h"
#include "handlers/call.h"
#include "handlers/paging.h"
#include "handlers/views/roles.h"
#include "http/body_reader.h"
#include "roles/role_administration.h"

namespace csauth::handlers {
namespace {

constexpr json::Limits kCustomLimits{.bytes = roles::kLongestCustomPermissions,
                                     .depth = roles::kDeepestCustomPermissions};

/// Reads {description?, priority?, can_…?, custom_permissions?}. Complains about members that are not valid.
roles::RoleChange read_role(http::BodyReader& body) {
    roles::RoleChange change;
    change.description = body.optional<roles::RoleDescription>("description");
    change.priority = body.optional_integer("priority", roles::kLowestPriority, roles::kHighestPriority);
    for (const auto& named : roles::kFlags)
        if (const auto value = body.optional_flag(named.name)) change.flags.emplace_back(named.flag, *value);
    change.custom = body.optional_object("custom_permissions", kCustomLimits);
    if (change.custom)
        if (const auto good = roles::check_custom(*change.custom); !good)
            body.complain("custom_permissions", good.error());
    return change;
}

/// Returns the role name in the path. `not_found`: no role can have this name.
Result<roles::RoleName> role_in(const Call& call, std::size_t parameter) {
    auto name = roles::RoleName::parse(call.path_parameters.at(parameter));
    if (!name) return Error{.code = ErrorCode::not_found};
    return std::move(*name);
}

/// Grants the role, and returns the answer with the roles that the user holds then.
Result<http::Response> granted(Services& services, const Call& call, UserId user,
                               const roles::RoleName& role) {
    const auto held = services.role_administration.grant(call.actor(), user, role, call.origin());
    if (!held) return held.error();
    return http::Response{.status = 200, .body = views::roles_of_user(user, *held)};
}

}  // namespace

// GET /api/roles
Result<http::Response> list_roles(Services& services, const Call& call) {
    if (const auto plain = refuse_parameters(call.request.query); !plain) return plain.error();
    return http::Response{.status = 200, .body = views::roles(services.roles.all())};
}

// GET /api/roles/{name}
Result<http::Response> show_role(Services& services, const Call& call) {
    const auto name = role_in(call, 0);
    if (!name) return name.error();
    const auto role = services.roles.find(name->text);
    if (!role) return Error{.code = ErrorCode::not_found};
    return http::Response{.status = 200, .body = views::role(*role)};
}

// POST /api/roles
Result<http::Response> create_role(Services& services, const Call& call) {
    http::BodyReader body{call.request};
    const auto name = body.required<roles::RoleName>("name");
    const auto given = read_role(body);
    if (!body.ok()) return body.error();

    const auto role = services.role_administration.create(call.actor(), *name, given, call.origin());
    if (!role) return role.error();
    http::Response response{.status = 201, .body = views::role(*role)};
    response.headers.emplace_back("Location", "/api/roles/" + role->name + "/");
    return response;
}

// PATCH /api/roles/{name}
Result<http::Response> change_role(Services& services, const Call& call) {
    http::BodyReader body{call.request.body};
    const auto given = body.optional<roles::RoleName>("name");
    if (given && given->text != call.path_parameters.at(0))
        body.complain("name", {FieldCode::read_only, "A role keeps its name."});
    const auto change = read_role(body);
    if (!body.ok()) return body.error();
    const auto name = role_in(call, 0);
    if (!name) return name.error();

    const auto role = services.role_administration.change(call.actor(), *name, change, call.origin());
    if (!role) return role.error();
    return http::Response{.status = 200, .body = views::role(*role)};
}

// DELETE /api/roles/{name}
Result<http::Response> delete_role(Services& services, const Call& call) {
    const auto name = role_in(call, 0);
    if (!name) return name.error();
    const auto removed = services.role_administration.remove(call.actor(), *name, call.origin());
    if (!removed) return removed.error();
    return http::Response{.status = 204};
}

// POST /api/assign-role
Result<http::Response> assign_role(Services& services, const Call& call) {
    http::BodyReader body{call.request};
    const auto user_id = body.required<http::NonEmptyText>("user_id");
    const auto role = body.required<roles::RoleName>("role");
    const auto id = user_id ? UserId::parse(user_id->text) : std::nullopt;
    if (user_id && !id) body.complain("user_id", {FieldCode::invalid, "This is not an id."});
    if (!body.ok()) return body.error();
    return granted(services, call, *id, *role);
}

// PUT /api/users/{id}/roles/{name}
Result<http::Response> grant_role(Services& services, const Call& call) {
    const auto id = call.id<UserId>();
    const auto role = role_in(call, 1);
    if (!id || !role) return Error{.code = ErrorCode::not_found};
    return granted(services, call, *id, *role);
}

// DELETE /api/users/{id}/roles/{name}
Result<http::Response> revoke_role(Services& services, const Call& call) {
    const auto id = call.id<UserId>();
    const auto role = role_in(call, 1);
    if (!id || !role) return Error{.code = ErrorCode::not_found};
    const auto held = services.role_administration.revoke(call.actor(), *id, *role, call.origin());
    if (!held) return held.error();
    return http::Response{.status = 204};
}

}  // namespace csauth::handlers
