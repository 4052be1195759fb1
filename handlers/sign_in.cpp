#include "handlers/sign_in.h"

#include "devices/device_keys.h"
#include "handlers/cookie_tokens.h"
#include "handlers/cookies.h"
#include "handlers/views/sessions.h"
#include "presence/signs_of_life.h"
#include "sessions/tokens.h"

namespace csauth::handlers {
namespace {

std::string device_key(const Services& services, const sessions::OpenedSession& opened) {
    return services.device_keys.issue({opened.session.device.id, opened.user.id});
}

http::Response with_cookies(Services& services, const Call& call, const sessions::OpenedSession& opened,
                            http::Response response) {
    const auto holder = sessions::holder_of(opened.user);
    const sessions::Bearer bearer{holder, opened.roles, opened.session};
    const auto counter = opened.session.counter;
    cookies::set(response, services.cookies,
                 {.access = services.tokens.issue_ticket(sessions::Ticket::access, bearer, counter),
                  .refresh = services.tokens.issue_refresh(bearer, counter),
                  .site = services.tokens.issue_ticket(sessions::Ticket::site, bearer, counter),
                  .device = device_key(services, opened)});
    cookies::forget_former(response, services.cookies, call.request);
    return response;
}

}  // namespace

devices::DeviceClaim read_device_claim(http::BodyReader& body, const devices::DeviceKeys& keys,
                                       const http::Request& request) {
    devices::DeviceClaim claim;
    claim.push_token = body.optional_unless_blank<devices::PushToken>("device_token");
    if (const auto type = body.optional_unless_blank<devices::DeviceTypeName>("device_type"))
        claim.type = type->type;
    if (auto name = body.optional<devices::DeviceName>("device_name")) claim.name = std::move(name->text);
    if (auto key = body.optional_unless_blank<http::NonEmptyText>("device_key"))
        claim.key = std::move(key->text);
    else
        claim.key = cookies::device_key(keys, request);
    return claim;
}

Result<TokenTransport> read_token_transport(const http::Request& request) {
    const auto mode = request.header("x-session-mode");
    if (mode.empty() || mode == "token") return TokenTransport::body;
    if (mode == "cookie") return TokenTransport::cookies;
    return Error{.code = ErrorCode::bad_request, .detail = "`X-Session-Mode` is one of token and cookie."};
}

http::Response signed_in(Services& services, const Call& call, const sessions::OpenedSession& opened,
                         TokenTransport transport, int status, std::string_view message) {
    services.signs_of_life.note(opened.session.id, opened.user.id);
    if (transport == TokenTransport::body)
        return {.status = status,
                .body = views::opened_session(opened, device_key(services, opened), message)};
    return with_cookies(services, call, opened,
                        {.status = status, .body = views::opened_session_by_cookie(opened, message)});
}

http::Response signed_in_briefly(Services& services, const Call& call, const sessions::OpenedSession& opened,
                                 TokenTransport transport) {
    services.signs_of_life.note(opened.session.id, opened.user.id);
    if (transport == TokenTransport::body) return {.status = 200, .body = views::token_pair(opened.tokens)};
    return with_cookies(services, call, opened, {.status = 200, .body = "{}"});
}

}  // namespace csauth::handlers
