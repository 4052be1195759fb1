#include "accounts/registration.h"
#include "devices/device_keys.h"
#include "handlers/call.h"
#include "handlers/return_to.h"
#include "handlers/sign_in.h"
#include "http/body_reader.h"
#include "http/return_address.h"

namespace csauth::handlers {

// POST /api/register
Result<http::Response> register_account(Services& services, const Call& call) {
    http::BodyReader body{call.request};
    auto email = body.required<users::Email>("email");
    auto username = body.required<users::Username>("username");
    auto password = body.required<users::NewPassword>("password");
    const auto repeated = body.optional<users::Password>("password2");
    auto full_name = body.optional<users::FullName>("full_name");
    auto bio = body.optional<users::Bio>("bio");
    auto device = read_device_claim(body, services.device_keys, call.request);
    auto return_to = read_return_to(body, services.return_hosts);
    if (password && repeated && password->reveal() != repeated->reveal())
        body.complain("password2", {FieldCode::mismatch, "The two passwords differ."});
    if (!body.ok()) return body.error();

    const auto transport = read_token_transport(call.request);
    if (!transport) return transport.error();
    const accounts::Applicant applicant{
        .email = std::move(*email),
        .username = std::move(*username),
        .password = std::move(*password),
        .full_name = std::move(full_name).value_or(users::FullName{}),
        .bio = std::move(bio).value_or(users::Bio{}),
        .language = users::preferred_language(call.request.header("accept-language")),
        .device = std::move(device),
        .return_to = std::move(return_to)};
    const auto opened = services.registration.register_account(applicant, call.origin());
    if (!opened) return opened.error();
    return signed_in(services, call, *opened, *transport, 201,
                     "Account created. Follow the link in the mail to confirm your address.");
}

}  // namespace csauth::handlers
