#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/ids.h"

namespace csauth::users {

/// A number of the account. A change that must end everything issued before it, such as a new password,
/// raises it. Sessions and one-time tokens of an earlier epoch are invalid.
using Epoch = std::uint32_t;

/// A ban of an account, with the reason that its user is told.
struct Ban {
    std::optional<TimePoint> until;  ///< nullopt: for good
    std::string reason;
};

/// An account: the values of its row, and the presence of its devices.
struct User {
    UserId id;
    std::string email;      ///< Email::text()
    std::string email_key;  ///< Email::key()
    std::string username;   ///< Username::text()
    std::string full_name;
    std::string bio;
    std::string language;                ///< one of kLanguages
    std::optional<std::string> avatar;   ///< SHA-256 in hex; names the files of the picture
    bool hide_presence = false;          ///< the user's presence is shown to no other user
    bool is_verified = false;            ///< the present address is confirmed
    bool was_ever_verified = false;      ///< this or an earlier address was confirmed
    bool is_online = false;              ///< a device is present, and the user is not invisible
    std::optional<TimePoint> last_seen;  ///< the present moment while online; nullopt if never seen
    TimePoint created_at;
    Epoch epoch = 0;
    std::optional<Ban> ban;  ///< nullopt also after the ban's end
};

/// Takes the place of a password hash if the account has no password. Only a password reset gives it one.
inline constexpr std::string_view kNoPassword = "!";

/// A user and the stored password hash, read together. is_online and last_seen of the user are not read.
struct Credentials {
    User user;
    std::string password_hash;  ///< or kNoPassword
};

}  // namespace csauth::users
