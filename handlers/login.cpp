#include "devices/device_keys.h"
#include "handlers/call.h"
#include "handlers/sign_in.h"
#include "http/body_reader.h"
#include "sessions/authentication.h"

namespace csauth::handlers {
namespace {

/// Reads `username`, in which SimpleJWT's clients send an address. No username has an @.
sessions::Identifier identifier_in(std::string text) {
    if (auto address = users::Email::parse(text)) return std::move(*address);
    return text;
}

}  // namespace

// POST /api/login
Result<http::Response> login(Services& services, const Call& call) {
    http::BodyReader body{call.request};
    auto email = body.required<users::Email>("email");
    const auto password = body.required<users::Password>("password");
    const auto device = read_device_claim(body, services.device_keys, call.request);
    if (!body.ok()) return body.error();

    const auto transport = read_token_transport(call.request);
    if (!transport) return transport.error();
    const auto opened = services.authentication.sign_in(std::move(*email), *password, device, call.origin());
    if (!opened) return opened.error();
    return signed_in(services, call, *opened, *transport, 200, "Signed in.");
}

// POST /api/token and /api/api/token
Result<http::Response> obtain_token(Services& services, const Call& call) {
    http::BodyReader body{call.request};
    std::optional<sessions::Identifier> who;
    if (body.has("username") && !body.has("email")) {
        if (auto name = body.required<http::NonEmptyText>("username"))
            who = identifier_in(std::move(name->text));
    } else if (auto email = body.required<users::Email>("email")) {
        who = std::move(*email);
    }
    const auto password = body.required<users::Password>("password");
    const auto device = read_device_claim(body, services.device_keys, call.request);
    if (!body.ok()) return body.error();

    const auto transport = read_token_transport(call.request);
    if (!transport) return transport.error();
    const auto opened = services.authentication.sign_in(*who, *password, device, call.origin());
    if (!opened) return opened.error();
    return signed_in_briefly(services, call, *opened, *transport);
}

}  // namespace csauth::handlers
