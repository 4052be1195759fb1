#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "base/ids.h"

namespace csauth::users {

/// How long a username is reserved for its former holder after a change.
inline constexpr std::chrono::hours kUsernameHold{90 * 24};

/// How long an address is reserved for its former holder after a change: as long as the change can be
/// reverted.
inline constexpr std::chrono::hours kAddressHold{72};

/// The most former usernames that are reserved for one user at the same time.
inline constexpr std::size_t kMostHeldUsernames = 5;

enum class Identifier { email, username };

/// Returns the stable name: "email".
std::string_view name_of(Identifier kind);

/// Usernames and addresses that only their former holder may take. Users::taken and Users::add respect them;
/// before other changes the caller asks is_held_from(). A key is Email::key() or Username::key().
class Reservations {
public:
    virtual ~Reservations() = default;

    /// Reserves a key for `holder`, and replaces any earlier reservation of it. `until`: nullopt for good.
    virtual void hold(Identifier kind, std::string_view key, UserId holder,
                      std::optional<TimePoint> until) = 0;

    /// Removes the reservation if it is the holder's. Otherwise has no effect.
    virtual void release(Identifier kind, std::string_view key, UserId holder) = 0;

    /// Returns true if the key is reserved for a user other than `holder`.
    virtual bool is_held_from(UserId holder, Identifier kind, std::string_view key, TimePoint now) = 0;

    /// The reservations of one user that have an end, which has not come.
    struct Held {
        std::size_t count = 0;
        std::optional<TimePoint> next_end = {};  ///< the earliest end; nullopt if count is 0
    };
    virtual Held held_by(UserId holder, Identifier kind, TimePoint now) = 0;
};

}  // namespace csauth::users
