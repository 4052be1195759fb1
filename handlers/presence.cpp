#include "handlers/views/presence.h"
#include "base/clock.h"
#include "handlers/asked_users.h"
#include "handlers/call.h"
#include "http/body_reader.h"
#include "presence/signs_of_life.h"
#include "presence/who_is_online.h"

namespace csauth::handlers {

presence::Viewer viewer_of(const sessions::Caller& caller) {
    return {.id = caller.holder.id, .sees_hidden = caller.may(&roles::Flags::can_manage_users)};
}

// PUT /api/presence
Result<http::Response> put_presence(Services& services, const Call& call) {
    http::BodyReader body{call.request.body};
    const auto status = body.required<presence::StatusName>("status");
    if (!body.ok()) return body.error();
    if (!services.signs_of_life.note(call.caller->session, call.caller->holder.id, status->status))
        return Error{.code = ErrorCode::service_unavailable, .retry_after = std::chrono::seconds{60}};
    return http::Response{.status = 204};
}

// GET /api/presence
Result<http::Response> show_presence(Services& services, const Call& call) {
    const auto users = read_asked_users(call.request.query, presence::kMostAsked);
    if (!users) return users.error();
    const auto seen = services.who_is_online.look(*users, viewer_of(*call.caller));
    return http::Response{.status = 200, .body = views::seen(seen)};
}

}  // namespace csauth::handlers
