#include "accounts/email_change.h"
#include "handlers/call.h"
#include "handlers/views/message.h"
#include "http/body_reader.h"

namespace csauth::handlers {
namespace {

/// The answer is the same whether the new address has an account or not.
const std::string kChangeSent =
    "If the new address is free, a mail with a link to finish the change is on its way to it, unless it "
    "got " +
    std::to_string(accounts::kMostConfirmationsADay) + " such mails in the last " +
    std::to_string(accounts::kConfirmationWindow.count()) + " hours. In that case, ask again tomorrow.";

}  // namespace

// POST /api/email/change
Result<http::Response> change_email(Services& services, const Call& call) {
    http::BodyReader body{call.request.body};
    const auto new_email = body.required<users::Email>("new_email");
    const auto password = body.required<users::Password>("password");
    if (!body.ok()) return body.error();

    const auto requested =
        services.email_change.request(call.caller->holder.id, *new_email, *password, call.origin());
    if (!requested) return requested.error();
    return http::Response{.status = 202, .body = views::message(kChangeSent)};
}

// POST /api/email/confirm
Result<http::Response> confirm_email_change(Services& services, const Call& call) {
    http::BodyReader body{call.request.body};
    const auto token = body.required<accounts::PresentedToken>("token");
    accounts::AccountProof proof{.password = body.optional<users::Password>("password")};
    if (!body.ok()) return body.error();
    if (call.caller) proof.caller = call.caller->holder.id;

    const auto user = services.email_change.confirm(*token, proof, call.origin());
    if (!user) return user.error();
    return http::Response{.status = 200, .body = views::message("The address is changed.")};
}

// POST /api/email/revert
Result<http::Response> revert_email_change(Services& services, const Call& call) {
    http::BodyReader body{call.request.body};
    const auto token = body.required<accounts::PresentedToken>("token");
    if (!body.ok()) return body.error();

    const auto reverted = services.email_change.revert(*token, call.origin());
    if (!reverted) return reverted.error();
    return http::Response{.status = 200,
                          .body = views::message("Your address is back and everybody is signed out. A mail "
                                                 "to choose a new password is on its way.")};
}

}  // namespace csauth::handlers
