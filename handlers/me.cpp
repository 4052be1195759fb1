#include "handlers/handlers.h"
#include "handlers/views.h"

namespace csauth::handlers {

// GET /api/me: the caller's own account.
Result<http::Response> show_me(Services& services, const Call& call) {
    const auto user = services.users.find(call.caller->user, services.clock.now());
    if (!user) return Error{.code = ErrorCode::session_ended};
    return http::Response{.status = 200, .body = views::user(*user, services.roles.held_by(user->id))};
}

}  // namespace csauth::handlers
