#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

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
    std::optional<std::string> avatar;  ///< SHA-256 in hex; names the files of the picture
    bool hide_presence = false;
    bool is_verified = false;
    bool was_ever_verified = false;  ///< whoever made the account has or had this or an earlier address
    bool is_online = false;
    std::optional<TimePoint> last_seen;
    TimePoint created_at;
    Epoch epoch = 0;
    std::optional<Ban> ban;  ///< only while it lasts
};

/// Stands in place of a hash when no password opens the account: only a reset does.
inline constexpr std::string_view kNoPassword = "!";

/// A user and what proves who they are. `user.epoch` was read with the hash; is_online and last_seen were
/// not.
struct Credentials {
    User user;
    std::string password_hash;
};

}  // namespace csauth::users
