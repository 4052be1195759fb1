#include "accounts/deletion.h"
#include "accounts/personal_data.h"
#include "accounts/profile.h"
#include "accounts/profile_update.h"
#include "base/clock.h"
#include "handlers/call.h"
#include "handlers/cookies.h"
#include "handlers/dispatch.h"
#include "handlers/views/personal_data.h"
#include "handlers/views/users.h"
#include "http/body_reader.h"
#include "users/users.h"

namespace csauth::handlers {
namespace {

/// Reads {username?, full_name?, bio?, language?, hide_presence?}. Complains about an `email` that is not the
/// caller's, and about a text as `avatar` that is not one of our paths.
users::ProfileChange read_profile(Services& services, const Call& call, http::BodyReader& body) {
    users::ProfileChange change;
    change.username = body.optional<users::Username>("username");
    change.full_name = body.optional<users::FullName>("full_name");
    change.bio = body.optional<users::Bio>("bio");
    if (auto language = body.optional<users::Language>("language"))
        change.language = std::move(language->tag);
    change.hide_presence = body.optional_flag("hide_presence");
    if (const auto email = body.optional<users::Email>("email")) {
        const auto user = services.users.find(call.caller->holder.id, services.clock.now());
        if (!user || user->email_key != email->key())
            body.complain("email",
                          {FieldCode::read_only, "The address is changed through /api/email/change/."});
    }
    if (body.file("avatar") == nullptr)
        if (const auto avatar = body.optional<http::NonEmptyText>("avatar");
            avatar && !avatar->text.starts_with("/avatars/"))
            body.complain("avatar", {FieldCode::wrong_type, "Send the picture as a file of a form."});
    return change;
}

/// Reads {current_password, new_password}. Returns nullopt if both are missing, and complains if one is.
std::optional<accounts::ProfileUpdateRequest::Password> read_password(http::BodyReader& body) {
    if (!body.has("current_password") && !body.has("new_password")) return std::nullopt;
    auto current = body.required<users::Password>("current_password");
    auto new_password = body.required<users::NewPassword>("new_password");
    if (!current || !new_password) return std::nullopt;
    return accounts::ProfileUpdateRequest::Password{std::move(*current), std::move(*new_password)};
}

}  // namespace

http::Response shown(const Call& call, const users::User& user) {
    return {.status = 200, .body = views::user(user, call.caller->roles)};
}

// GET /api/me and /api/profile
Result<http::Response> show_me(Services& services, const Call& call) {
    const auto user = services.users.find(call.caller->holder.id, services.clock.now());
    if (!user) return Error{.code = ErrorCode::session_ended};
    return shown(call, *user);
}

// PATCH /api/me
Result<http::Response> change_me(Services& services, const Call& call) {
    http::BodyReader body{call.request.body};
    const auto change = read_profile(services, call, body);
    for (const auto* const name : {"current_password", "new_password"})
        if (body.has(name))
            body.complain(name, {FieldCode::read_only,
                                 "The password is changed through /api/password/change/ or /api/profile/."});
    if (!body.ok()) return body.error();

    const auto user = services.profile.change(call.caller->holder.id, change, call.origin());
    if (!user) return user.error();
    return shown(call, *user);
}

// PATCH and PUT /api/profile
Result<http::Response> change_profile(Services& services, const Call& call) {
    http::BodyReader body{call.request};
    accounts::ProfileUpdateRequest update{.profile = read_profile(services, call, body)};
    update.password = read_password(body);
    if (const auto* const file = body.file("avatar")) update.picture = file->content;
    update.removes_picture = body.is_null("avatar");
    if (!body.ok()) return body.error();

    // A password and a picture count against the limits of their own routes.
    const auto save = [&]() -> Result<http::Response> {
        const auto user = services.profile_update.update(call.caller->holder.id, call.caller->session, update,
                                                         call.origin());
        if (!user) return user.error();
        return shown(call, *user);
    };
    const auto count_upload = [&] {
        return counted(update.picture ? Limit::upload : Limit::none, services, call, save);
    };
    return counted(update.password ? Limit::change : Limit::none, services, call, count_upload);
}

// DELETE /api/me
Result<http::Response> delete_me(Services& services, const Call& call) {
    http::BodyReader body{call.request.body};
    const auto password = body.required<users::Password>("password");
    if (!body.ok()) return body.error();

    const auto deleted = services.deletion.delete_account(call.caller->holder.id, *password, call.origin());
    if (!deleted) return deleted.error();
    http::Response response{.status = 204};
    if (call.is_by_cookie) cookies::clear(response, services.cookies);
    return response;
}

// GET /api/me/export
Result<http::Response> export_me(Services& services, const Call& call) {
    const auto data = services.personal_data.of(call.caller->holder.id);
    if (!data) return data.error();
    http::Response response{.status = 200, .body = views::personal_data(*data)};
    response.headers.emplace_back("Content-Disposition", "attachment; filename=\"account.json\"");
    return response;
}

}  // namespace csauth::handlers
