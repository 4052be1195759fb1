#include "accounts/password_change.h"
#include "accounts/password_reset.h"
#include "accounts/requested_mail.h"
#include "base/clock.h"
#include "handlers/call.h"
#include "handlers/return_to.h"
#include "handlers/views/message.h"
#include "http/body_reader.h"
#include "http/return_address.h"
#include "outbox/outbox.h"

namespace csauth::handlers {
namespace {

static_assert(accounts::kResetWindow == std::chrono::hours{1});
/// Anybody may ask, so the answer is the same for any address.
const std::string kResetSent =
    "If this address has an account, a mail with a link to choose a new password is on its way, unless " +
    std::to_string(accounts::kMostResetsAnHour) +
    " were sent in the last hour. In that case, use the newest mail that you have.";

}  // namespace

// POST /api/password/change
Result<http::Response> change_password(Services& services, const Call& call) {
    http::BodyReader body{call.request.body};
    const auto current = body.required<users::Password>("current_password");
    const auto new_password = body.required<users::NewPassword>("new_password");
    if (!body.ok()) return body.error();

    const auto changed = services.password_change.change(call.caller->holder.id, call.caller->session,
                                                         *current, *new_password, call.origin());
    if (!changed) return changed.error();
    return http::Response{.status = 204};
}

// POST /api/password/forgot
Result<http::Response> forgot_password(Services& services, const Call& call) {
    http::BodyReader body{call.request.body};
    const auto email = body.required<users::Email>("email");
    const auto return_to = read_return_to(body, services.return_hosts);
    if (!body.ok()) return body.error();

    services.mail_requests.add(outbox::RequestKind::reset_password, email->key(), services.clock.now(),
                               return_to);
    return http::Response{.status = 202, .body = views::message(kResetSent)};
}

// POST /api/password/reset
Result<http::Response> reset_password(Services& services, const Call& call) {
    http::BodyReader body{call.request.body};
    const auto token = body.required<accounts::PresentedToken>("token");
    const auto new_password = body.required<users::NewPassword>("new_password");
    if (!body.ok()) return body.error();

    const auto reset = services.password_reset.reset(*token, *new_password, call.origin());
    if (!reset) return reset.error();
    return http::Response{.status = 204};
}

}  // namespace csauth::handlers
