#include "accounts/verification.h"
#include "base/clock.h"
#include "handlers/call.h"
#include "handlers/return_to.h"
#include "handlers/views/message.h"
#include "http/body_reader.h"
#include "http/return_address.h"
#include "json/writer.h"
#include "outbox/outbox.h"
#include "users/users.h"

namespace csauth::handlers {
namespace {

/// Anybody may ask, so the answer is the same for any address.
const std::string kResent =
    "If this address has an account that waits for confirmation, a new mail is on its way, unless the last "
    "one is "
    "less than " +
    std::to_string(accounts::kResendInterval.count()) + " minutes old or " +
    std::to_string(accounts::kMostConfirmationsADay) + " were sent in the last " +
    std::to_string(accounts::kConfirmationWindow.count()) +
    " hours. In that case, use the newest mail that you have.";

/// Returns the answer to a confirmation. A return address that is no longer allowed becomes null.
Result<http::Response> confirmed(Services& services, const Result<accounts::Confirmation>& confirmation) {
    if (!confirmation) return confirmation.error();
    json::Writer json;
    json.begin_object()
        .member("message", "The address is confirmed.")
        .member("return_to", http::return_address(confirmation->return_to, services.return_hosts))
        .end_object();
    return http::Response{.status = 200, .body = json.text()};
}

/// Confirms with the token of a mail, and with the caller's session or the password as proof of the account.
Result<http::Response> confirm(Services& services, const Call& call, const accounts::PresentedToken& token,
                               std::optional<users::Password> password) {
    accounts::AccountProof proof{.password = std::move(password)};
    if (call.caller) proof.caller = call.caller->holder.id;
    return confirmed(services, services.verification.confirm(token, proof, call.origin()));
}

/// Confirms with the typed code: {code} in a session of the account, or {code, email, password}.
Result<http::Response> confirm_by_code(Services& services, const Call& call, http::BodyReader& body) {
    const auto code = body.required<accounts::TypedCode>("code");
    if (call.caller && !body.has("email")) {
        if (!body.ok()) return body.error();
        return confirmed(services,
                         services.verification.confirm(*code, call.caller->holder.id, call.origin()));
    }
    const auto email = body.required<users::Email>("email");
    const auto password = body.required<users::Password>("password");
    if (!body.ok()) return body.error();
    return confirmed(services, services.verification.confirm(*code, *email, *password, call.origin()));
}

}  // namespace

// POST /api/verify-email
Result<http::Response> verify_email(Services& services, const Call& call) {
    http::BodyReader body{call.request.body};
    if (body.has("code") && !body.has("token")) return confirm_by_code(services, call, body);
    const auto token = body.required<accounts::PresentedToken>("token");
    auto password = body.optional<users::Password>("password");
    if (!body.ok()) return body.error();
    return confirm(services, call, *token, std::move(password));
}

// POST /api/verify-email/{token}
Result<http::Response> verify_email_by_path(Services& services, const Call& call) {
    http::BodyReader body{call.request, true};
    auto password = body.optional<users::Password>("password");
    if (!body.ok()) return body.error();
    const auto token = accounts::PresentedToken::parse(call.path_parameters.at(0));
    if (!token) return Error{.code = ErrorCode::one_time_token_invalid, .detail = token.error().detail};
    return confirm(services, call, *token, std::move(password));
}

// POST /api/resend-verification
Result<http::Response> resend_verification(Services& services, const Call& call) {
    http::BodyReader body{call.request, true};
    std::string email_key;
    if (call.caller && !body.has("email")) {
        const auto user = services.users.find(call.caller->holder.id, services.clock.now());
        if (!user) return Error{.code = ErrorCode::session_ended};
        email_key = user->email_key;
    } else if (const auto email = body.required<users::Email>("email")) {
        email_key = email->key();
    }
    const auto return_to = read_return_to(body, services.return_hosts);
    if (!body.ok()) return body.error();
    services.mail_requests.add(outbox::RequestKind::verify_email, email_key, services.clock.now(), return_to);
    return http::Response{.status = 202, .body = views::message(kResent)};
}

}  // namespace csauth::handlers
