#include "handlers/views/sessions.h"
#include "handlers/call.h"
#include "handlers/paging.h"
#include "sessions/session_list.h"

namespace csauth::handlers {

// GET /api/sessions
Result<http::Response> list_sessions(Services& services, const Call& call) {
    if (const auto plain = refuse_parameters(call.request.query); !plain) return plain.error();
    const auto live = services.session_list.of(call.caller->holder.id);
    return http::Response{.status = 200, .body = views::sessions(live, call.caller->session)};
}

// DELETE /api/sessions/{id}
Result<http::Response> end_session(Services& services, const Call& call) {
    const auto id = call.id<SessionId>();
    if (!id) return id.error();
    const auto ended = services.session_list.end(*id, call.caller->holder.id, call.origin());
    if (!ended) return ended.error();
    return http::Response{.status = 204};
}

}  // namespace csauth::handlers
