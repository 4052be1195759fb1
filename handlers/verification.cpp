#include "handlers/handlers.h"
#include "handlers/views.h"
#include "http/body_reader.h"

namespace csauth::handlers {
namespace {

Result<http::Response> confirm(Services& services, const Call& call, const accounts::PresentedToken& token,
                               std::optional<users::Password> password) {
    accounts::AccountProof proof;
    if (call.caller) proof.caller = call.caller->user;
    proof.password = std::move(password);
    const auto user = services.verification.confirm(token, proof, call.origin());
    if (!user) return user.error();
    return http::Response{.status = 200, .body = views::message("The address is confirmed.")};
}

}  // namespace

// POST /api/verify-email: the token of the mail, in the account's session or with its password.
Result<http::Response> verify_email(Services& services, const Call& call) {
    http::BodyReader body{call.request.body};
    const auto token = body.required<accounts::PresentedToken>("token");
    auto password = body.optional<users::Password>("password");
    if (!body.ok()) return body.error();
    return confirm(services, call, *token, std::move(password));
}

// POST /api/verify-email/{token}: the same, for clients that put the token in the path.
Result<http::Response> verify_email_by_path(Services& services, const Call& call) {
    http::BodyReader body{call.request.body, true};
    auto password = body.optional<users::Password>("password");
    if (!body.ok()) return body.error();
    const auto token = accounts::PresentedToken::parse(call.path_parameters.at(0));
    if (!token) return Error{.code = ErrorCode::one_time_token_invalid, .detail = token.error().detail};
    return confirm(services, call, *token, std::move(password));
}

// POST /api/resend-verification: 202 for any address; the mailer finds out whether it should have a mail.
Result<http::Response> resend_verification(Services& services, const Call& call) {
    http::BodyReader body{call.request.body};
    const auto email = body.required<users::Email>("email");
    if (!body.ok()) return body.error();
    services.mail_requests.add(outbox::RequestKind::verify_email, email->key(), services.clock.now());
    return http::Response{
        .status = 202,
        .body = views::message(
            "If the address has an account that waits for confirmation, a mail is on its way.")};
}

}  // namespace csauth::handlers
