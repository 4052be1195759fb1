#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/ids.h"

namespace csauth::users {

/// Rises with every change that must end what came before it: sessions, one-time tokens.
using Epoch = std::uint32_t;

struct Ban {
    std::optional<TimePoint> until;  ///< nothing: for good
    std::string reason;
};

struct User {
    UserId id;
    std::string email;
    std::string email_key;
    std::string username;
    std::string full_name;
    std::string bio;
    std::string language;
    bool hide_presence = false;
    bool is_verified = false;
    bool is_online = false;
    std::optional<TimePoint> last_seen;
    TimePoint created_at;
    Epoch epoch = 0;
    std::optional<Ban> ban;  ///< only while it lasts
};

/// A user and what proves who they are. `user.epoch` was read with the hash.
struct Credentials {
    User user;
    std::string password_hash;
};

}  // namespace csauth::users
