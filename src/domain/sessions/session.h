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
    Counter seen_counter = 0;  ///< the highest one that a signed request has shown, as far as it is written
    TimePoint created_at;
    TimePoint refreshed_at;
    TimePoint last_active_at;  ///< as far as it is written
    TimePoint expires_at;      ///< in any case; without use it ends sooner
    std::string ip;
    std::string user_agent;
};

/// What tokens say of the user whose session it is.
struct Holder {
    UserId id;
    std::string username;
    std::string email;
    std::string full_name;
    bool is_verified = false;
};

inline Holder holder_of(const users::User& user) {
    return {user.id, user.username, user.email, user.full_name, user.is_verified};
}

enum class EndReason {
    signed_out,
    token_reused,
    too_many,
    password_changed,
    password_reset,
    email_reverted,
    replaced,  ///< by a later sign-in on the same device
    revoked,   ///< by an administrator
    banned,
};

std::string_view name_of(EndReason reason);

}  // namespace csauth::sessions
