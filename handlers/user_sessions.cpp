#include "accounts/user_administration.h"
#include "base/clock.h"
#include "handlers/call.h"
#include "handlers/paging.h"
#include "handlers/views/devices.h"
#include "handlers/views/sessions.h"
#include "sessions/device_list.h"
#include "sessions/session_list.h"
#include "users/users.h"

// Sessions and devices of other users, for callers with can_manage_users.
namespace csauth::handlers {
namespace {

/// Returns the user in the path. `not_found`: the user does not exist, or the path holds no ID.
Result<UserId> user_in(Services& services, const Call& call) {
    const auto id = call.id<UserId>();
    if (!id || !services.users.find(*id, services.clock.now())) return Error{.code = ErrorCode::not_found};
    return *id;
}

}  // namespace

// POST /api/users/{id}/logout
Result<http::Response> log_user_out(Services& services, const Call& call) {
    const auto id = call.id<UserId>();
    if (!id) return id.error();
    const auto ended = services.user_administration.sign_out(call.actor(), *id, call.origin());
    if (!ended) return ended.error();
    return http::Response{.status = 204};
}

// GET /api/users/{id}/sessions
Result<http::Response> list_user_sessions(Services& services, const Call& call) {
    if (const auto plain = refuse_parameters(call.request.query); !plain) return plain.error();
    const auto user = user_in(services, call);
    if (!user) return user.error();
    return http::Response{.status = 200,
                          .body = views::sessions(services.session_list.of(*user), call.caller->session)};
}

// DELETE /api/users/{id}/sessions/{session}
Result<http::Response> end_user_session(Services& services, const Call& call) {
    const auto id = call.id<UserId>();
    const auto session = call.id<SessionId>(1);
    if (!id || !session) return Error{.code = ErrorCode::not_found};
    const auto ended = services.user_administration.end_session(call.actor(), *id, *session, call.origin());
    if (!ended) return ended.error();
    return http::Response{.status = 204};
}

// GET /api/users/{id}/devices
Result<http::Response> list_user_devices(Services& services, const Call& call) {
    const auto page = read_page(call.request.query);
    if (!page) return page.error();
    const auto before = id_in<DeviceId>(*page);
    if (!before) return before.error();
    const auto user = user_in(services, call);
    if (!user) return user.error();
    const auto current = services.device_list.device_of(call.caller->session);
    if (!current) return current.error();
    auto found = services.device_list.page_of(*user, *before, page->limit + 1);
    const auto next = cut_to_page(found, *page, [](const auto& record) { return record.device.id.text(); });
    return http::Response{.status = 200, .body = views::devices(found, *current, next)};
}

// DELETE /api/users/{id}/devices/{device}
Result<http::Response> delete_user_device(Services& services, const Call& call) {
    const auto id = call.id<UserId>();
    const auto device = call.id<DeviceId>(1);
    if (!id || !device) return Error{.code = ErrorCode::not_found};
    const auto removed =
        services.user_administration.remove_device(call.actor(), *id, *device, call.origin());
    if (!removed) return removed.error();
    return http::Response{.status = 204};
}

}  // namespace csauth::handlers
