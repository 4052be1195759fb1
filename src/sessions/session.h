#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/ids.h"
#include "devices/device.h"
#include "users/user.h"

namespace csauth::sessions {

/// Counts the refreshes of one session; the live refresh token carries the present value.
using Counter = std::uint32_t;

struct Session {
    SessionId id;
    UserId user;
    devices::Device device;
    users::Epoch epoch = 0;
    Counter counter = 0;
    Counter seen_counter = 0;  ///< the highest one that a signed request has shown
    TimePoint created_at;
    TimePoint refreshed_at;
    TimePoint last_active_at;
    TimePoint expires_at;  ///< in any case; without use it ends sooner
    std::string ip;
    std::string user_agent;
};

enum class EndReason { signed_out, token_reused, too_many, password_changed, password_reset, email_reverted };

std::string_view name_of(EndReason reason);

}  // namespace csauth::sessions
