#include "handlers/handlers.h"
#include "handlers/views.h"
#include "http/body_reader.h"

namespace csauth::handlers {

// POST /api/password/change: another password for the caller; the other sessions end.
Result<http::Response> change_password(Services& services, const Call& call) {
    http::BodyReader body{call.request.body};
    const auto current = body.required<users::Password>("current_password");
    const auto fresh = body.required<users::NewPassword>("new_password");
    if (!body.ok()) return body.error();

    const auto changed = services.password_change.change(call.caller->holder.id, call.caller->session,
                                                         *current, *fresh, call.origin());
    if (!changed) return changed.error();
    return http::Response{.status = 204};
}

// POST /api/password/forgot: 202 for any address; the mailer finds out whether it should have a mail.
Result<http::Response> forgot_password(Services& services, const Call& call) {
    http::BodyReader body{call.request.body};
    const auto email = body.required<users::Email>("email");
    if (!body.ok()) return body.error();

    services.mail_requests.add(outbox::RequestKind::reset_password, email->key(), services.clock.now());
    return http::Response{
        .status = 202,
        .body = views::message(
            "If the address has an account, a mail with a link to choose a new password is on its way.")};
}

// POST /api/password/reset: another password with the token of a mail; every session ends.
Result<http::Response> reset_password(Services& services, const Call& call) {
    http::BodyReader body{call.request.body};
    const auto token = body.required<accounts::PresentedToken>("token");
    const auto fresh = body.required<users::NewPassword>("new_password");
    if (!body.ok()) return body.error();

    const auto reset = services.password_reset.reset(*token, *fresh, call.origin());
    if (!reset) return reset.error();
    return http::Response{.status = 204};
}

}  // namespace csauth::handlers
