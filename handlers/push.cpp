#include "base/clock.h"
#include "devices/devices.h"
#include "handlers/asked_users.h"
#include "handlers/call.h"
#include "handlers/views/devices.h"

namespace csauth::handlers {

// GET /internal/push-targets
Result<http::Response> push_targets(Services& services, const Call& call) {
    const auto users = read_asked_users(call.request.query, kMostPushedUsers);
    if (!users) return users.error();
    const auto targets =
        services.devices.push_targets(*users, devices::kMostPushTargets + 1, services.clock.now());
    if (targets.size() > devices::kMostPushTargets)
        return Error{.code = ErrorCode::bad_request,
                     .detail = "These users have more than " + std::to_string(devices::kMostPushTargets) +
                               " devices that take pushes: ask for fewer users at a time."};
    return http::Response{.status = 200, .body = views::push_targets(targets)};
}

}  // namespace csauth::handlers
