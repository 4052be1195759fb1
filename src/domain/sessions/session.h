#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/ids.h"
#include "devices/device.h"
#include "users/user.h"

namespace csauth::sessions {

/// The number of refreshes of one session that took a step. The newest refresh token carries this value.
using Counter = std::uint32_t;

/// A sign-in on one device, read from its row. The sightings of the last second may still be in Activity.
struct Session {
    SessionId id;
    UserId user;
    devices::Device device;
    users::Epoch epoch = 0;  ///< the session is live only while this is the user's epoch
    Counter counter = 0;
    Counter seen_counter = 0;  ///< the highest counter of an access token that a request has shown
    TimePoint created_at;
    TimePoint refreshed_at;    ///< of the last refresh; created_at before the first one
    TimePoint last_active_at;  ///< the later of refreshed_at and the last written sighting
    TimePoint expires_at;      ///< the latest possible end; a session that is not used ends sooner
    std::string ip;            ///< the client's address at the sign-in
    std::string user_agent;    ///< the User-Agent header at the sign-in
};

/// The user of a session, as tokens describe them.
struct Holder {
    UserId id;
    std::string username;
    std::string email;      ///< as it is shown (users::Email::text)
    std::string full_name;  ///< cut to name_in_tokens() if it was read from a token
    bool is_verified = false;
};

inline Holder holder_of(const users::User& user) {
    return {user.id, user.username, user.email, user.full_name, user.is_verified};
}

/// Why a session ended. The row, the events and the user's export contain the name.
enum class EndReason {
    signed_out,        ///< by its user
    token_reused,      ///< an old refresh token was presented, so it may have been copied
    too_many,          ///< the user opened more than kMostSessions
    password_changed,  ///< in another session
    password_reset,
    email_reverted,
    replaced,  ///< by a later sign-in on the same device
    revoked,   ///< by an administrator
    banned,
};

/// Returns the stable name: "signed_out".
std::string_view name_of(EndReason reason);

}  // namespace csauth::sessions
