#include "handlers/cookies.h"
#include "handlers/handlers.h"
#include "handlers/views.h"
#include "http/body_reader.h"

namespace csauth::handlers {
http::Response shown(const Call& call, const users::User& user) {
    return {.status = 200, .body = views::user(user, call.caller->roles)};
}

// GET /api/me: the caller's own account.
Result<http::Response> show_me(Services& services, const Call& call) {
    const auto user = services.users.find(call.caller->holder.id, services.clock.now());
    if (!user) return Error{.code = ErrorCode::session_ended};
    return shown(call, *user);
}

// PATCH /api/me: what people may change of their account themselves. Members that are not theirs to change
// are ignored, so that a client may send back what it got; but an address that differs is worth a word.
Result<http::Response> change_me(Services& services, const Call& call) {
    http::BodyReader body{call.request.body};
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
    if (!body.ok()) return body.error();

    const auto user = services.profile.change(call.caller->holder.id, change, call.origin());
    if (!user) return user.error();
    return shown(call, *user);
}

// DELETE /api/me: the end of the account.
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

// GET /api/me/export: all that is held about the caller.
Result<http::Response> export_me(Services& services, const Call& call) {
    const auto data = services.personal_data.of(call.caller->holder.id);
    if (!data) return data.error();
    http::Response response{.status = 200, .body = views::personal_data(*data)};
    response.headers.emplace_back("Content-Disposition", "attachment; filename=\"account.json\"");
    return response;
}

}  // namespace csauth::handlers
