#include "handlers/sign_in.h"

#include "base/clock.h"
#include "devices/device_keys.h"
#include "handlers/cookie_tokens.h"
#include "handlers/cookies.h"
#include "handlers/views.h"
#include "presence/table.h"
#include "sessions/tokens.h"

namespace csauth::handlers {
namespace {

std::string device_key(const Services& services, const sessions::OpenedSession& admitted) {
    return services.device_keys.issue({admitted.session.device.id, admitted.user.id});
}

/// Signing in is a sign of life as every signed request is.
void is_there(Services& services, const sessions::OpenedSession& admitted) {
    services.presence.show(admitted.session.id, admitted.user.id, {}, services.clock.uptime());
}

http::Response with_cookies(Services& services, const Call& call, const sessions::OpenedSession& admitted,
                            http::Response response) {
    const auto holder = sessions::holder_of(admitted.user);
    const sessions::Bearer bearer{holder, admitted.roles, admitted.session};
    const auto counter = admitted.session.counter;
    cookies::set(response, services.cookies,
                 {.access = services.tokens.issue_ticket(sessions::Ticket::access, bearer, counter),
                  .refresh = services.tokens.issue_refresh(bearer, counter),
                  .site = services.tokens.issue_ticket(sessions::Ticket::site, bearer, counter),
                  .device = device_key(services, admitted)});
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

Result<bool> wants_cookies(const http::Request& request) {
    const auto mode = request.header("x-session-mode");
    if (mode.empty() || mode == "token") return false;
    if (mode == "cookie") return true;
    return Error{.code = ErrorCode::bad_request, .detail = "`X-Session-Mode` is one of token and cookie."};
}

Result<http::Response> signed_in(Services& services, const Call& call,
                                 const sessions::OpenedSession& admitted, int status,
                                 std::string_view message) {
    is_there(services, admitted);
    const auto by_cookie = wants_cookies(call.request);
    if (!by_cookie) return by_cookie.error();
    if (!*by_cookie)
        return http::Response{
            .status = status,
            .body = views::opened_session(admitted, device_key(services, admitted), message)};
    return with_cookies(services, call, admitted,
                        {.status = status, .body = views::opened_session_by_cookie(admitted, message)});
}

Result<http::Response> signed_in_briefly(Services& services, const Call& call,
                                         const sessions::OpenedSession& admitted) {
    is_there(services, admitted);
    const auto by_cookie = wants_cookies(call.request);
    if (!by_cookie) return by_cookie.error();
    if (!*by_cookie) return http::Response{.status = 200, .body = views::token_pair(admitted.tokens)};
    return with_cookies(services, call, admitted, {.status = 200, .body = "{}"});
}

}  // namespace csauth::handlers
