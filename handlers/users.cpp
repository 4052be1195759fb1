#include <algorithm>

#include "accounts/bans.h"
#include "accounts/user_administration.h"
#include "accounts/user_creation.h"
#include "base/clock.h"
#include "base/timestamps.h"
#include "handlers/call.h"
#include "handlers/paging.h"
#include "handlers/views/message.h"
#include "handlers/views/users.h"
#include "http/body_reader.h"
#include "http/form.h"
#include "roles/roles.h"
#include "users/directory.h"
#include "users/users.h"

namespace csauth::handlers {
namespace {

Error bad_parameter(std::string detail) {
    return {.code = ErrorCode::bad_request, .detail = std::move(detail)};
}

/// Reads ?search=&role=&status=&created_since=. An empty parameter counts as missing. `bad_request`: one is
/// not valid.
Result<users::UserFilter> filter_in(std::string_view query) {
    const auto parameters = http::parse_query(query);
    if (!parameters) return parameters.error();
    users::UserFilter filter;
    if (const auto text = parameters->given("search")) {
        auto search = users::SearchPrefix::parse(*text);
        if (!search) return bad_parameter("`search`: " + search.error().detail);
        filter.search = std::move(*search);
    }
    if (const auto text = parameters->given("role")) {
        auto role = roles::RoleName::parse(*text);
        if (!role) return bad_parameter("`role`: " + role.error().detail);
        filter.role = std::move(role->text);
    }
    if (const auto text = parameters->given("status")) {
        filter.status = users::status_named(*text);
        if (!filter.status) return bad_parameter("`status` is active, unverified or banned.");
    }
    if (const auto text = parameters->given("created_since")) {
        const auto moment = Moment::parse(*text);
        if (!moment) return bad_parameter("`created_since`: " + moment.error().detail);
        filter.created_since = moment->time;
    }
    return filter;
}

/// Returns the names in `roles`; none if it is missing. Complains about names that are not valid.
std::vector<roles::RoleName> read_roles(http::BodyReader& body) {
    const auto given = body.optional_strings("roles").value_or(std::vector<std::string>{});
    std::vector<roles::RoleName> names;
    names.reserve(given.size());
    for (std::size_t i = 0; i < given.size(); ++i) {
        auto name = roles::RoleName::parse(given[i]);
        if (name)
            names.push_back(std::move(*name));
        else
            body.complain("roles/" + std::to_string(i), name.error());
    }
    return names;
}

/// Returns the user with roles and ban as the answer.
http::Response managed(Services& services, const users::User& user, int status = 200) {
    return {.status = status,
            .body = views::managed_user(user, roles::names_of(services.roles.held_by(user.id)))};
}

}  // namespace

// GET /api/users
Result<http::Response> list_users(Services& services, const Call& call) {
    const auto page = read_page(call.request.query, {"search", "role", "status", "created_since"});
    if (!page) return page.error();
    const auto filter = filter_in(call.request.query);
    if (!filter) return filter.error();
    auto found = services.directory.page(*filter, page->cursor, page->limit + 1, services.clock.now());
    if (!found) return bad_cursor();
    const auto next = cut_to_page(*found, *page, [](const auto& listed) { return listed.position; });
    return http::Response{.status = 200, .body = views::managed_users(*found, next)};
}

// POST /api/users
Result<http::Response> invite_user(Services& services, const Call& call) {
    http::BodyReader body{call.request.body};
    auto email = body.required<users::Email>("email");
    auto username = body.required<users::Username>("username");
    auto full_name = body.optional<users::FullName>("full_name");
    const auto language = body.optional<users::Language>("language");
    auto role_names = read_roles(body);
    if (body.has("password"))
        body.complain("password", {FieldCode::read_only, "Nobody chooses a password for somebody else."});
    if (!body.ok()) return body.error();

    const auto invited = services.user_creation.invite(
        call.actor(),
        {.email = std::move(*email),
         .username = std::move(*username),
         .full_name = full_name ? std::move(*full_name) : users::FullName{},
         .language = language ? language->tag : std::string{users::kLanguages[0]},
         .roles = std::move(role_names)},
        call.origin());
    if (!invited) return invited.error();
    auto response = managed(services, invited->user, 201);
    response.headers.emplace_back("Location", "/api/users/" + invited->user.id.text() + "/");
    return response;
}

// POST /api/users/{id}/invitation
Result<http::Response> invite_user_again(Services& services, const Call& call) {
    const auto id = call.id<UserId>();
    if (!id) return id.error();
    const auto invited = services.user_creation.invite_again(call.actor(), *id, call.origin());
    if (!invited) return invited.error();
    return http::Response{.status = 202, .body = views::message("The invitation is on its way.")};
}

// GET /api/users/{id}
Result<http::Response> show_user(Services& services, const Call& call) {
    const auto id = call.id<UserId>();
    const auto user = id ? services.users.find(*id, services.clock.now()) : std::nullopt;
    if (!user) return Error{.code = ErrorCode::not_found};
    if (call.caller->may(&roles::Flags::can_manage_users)) return managed(services, *user);
    if (user->id == call.caller->holder.id) return shown(call, *user);
    if (!user->is_verified) return Error{.code = ErrorCode::not_found};
    return http::Response{.status = 200, .body = views::stranger(*user)};
}

// PATCH /api/users/{id}
Result<http::Response> change_user(Services& services, const Call& call) {
    http::BodyReader body{call.request.body};
    accounts::UserChange change;
    change.is_verified = body.optional_flag("is_verified");
    change.profile.username = body.optional<users::Username>("username");
    change.profile.full_name = body.optional<users::FullName>("full_name");
    change.profile.bio = body.optional<users::Bio>("bio");
    const auto email = body.optional<users::Email>("email");
    if (body.has("password"))
        body.complain("password", {FieldCode::read_only, "Nobody chooses a password for somebody else."});
    if (!body.ok()) return body.error();
    const auto id = call.id<UserId>();
    const auto before = id ? services.users.find(*id, services.clock.now()) : std::nullopt;
    if (!before) return Error{.code = ErrorCode::not_found};
    if (email && email->key() != before->email_key) {
        body.complain("email", {FieldCode::read_only, "Only its owner changes an address."});
        return body.error();
    }

    const auto user = services.user_administration.change(call.actor(), *id, change, call.origin());
    if (!user) return user.error();
    return managed(services, *user);
}

// DELETE /api/users/{id}
Result<http::Response> delete_user(Services& services, const Call& call) {
    const auto id = call.id<UserId>();
    if (!id) return id.error();
    const auto removed = services.user_administration.remove(call.actor(), *id, call.origin());
    if (!removed) return removed.error();
    return http::Response{.status = 204};
}

// POST /api/users/{id}/ban
Result<http::Response> ban_user(Services& services, const Call& call) {
    http::BodyReader body{call.request.body};
    const auto reason = body.required<accounts::BanReason>("reason");
    const auto until = body.optional<Moment>("until");
    if (!body.ok()) return body.error();
    const auto id = call.id<UserId>();
    if (!id) return id.error();

    const auto banned = services.bans.ban(call.actor(), *id, *reason,
                                          until ? std::optional{until->time} : std::nullopt, call.origin());
    if (!banned) return banned.error();
    // A caller with can_ban_users alone sees no more of the user than the ban.
    if (call.caller->may(&roles::Flags::can_manage_users)) return managed(services, *banned);
    return http::Response{.status = 200, .body = views::ban(*banned)};
}

// DELETE /api/users/{id}/ban
Result<http::Response> unban_user(Services& services, const Call& call) {
    const auto id = call.id<UserId>();
    if (!id) return id.error();
    const auto lifted = services.bans.lift(call.actor(), *id, call.origin());
    if (!lifted) return lifted.error();
    return http::Response{.status = 204};
}

}  // namespace csauth::handlers
