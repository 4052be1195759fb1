#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "base/ids.h"

namespace csauth::users {

/// For how long a username that was given up is free for its former holder alone.
inline constexpr std::chrono::hours kUsernameHold{90 * 24};

/// The same for an address that was changed: as long as the change can be reverted.
inline constexpr std::chrono::hours kAddressHold{72};

/// How many former usernames a person may keep from others at once.
inline constexpr std::size_t kMostHeldUsernames = 5;

enum class Identifier { email, username };

std::string_view name_of(Identifier kind);

/// Names and addresses that nobody but their former holder may take. Users::taken and Users::add respect
/// them.
class Reservations {
public:
    virtual ~Reservations() = default;

    /// `until`: nothing for good. An earlier reservation of the same key is replaced.
    virtual void hold(Identifier kind, std::string_view key, UserId holder,
                      std::optional<TimePoint> until) = 0;

    /// The holder has it back, or needs it no longer.
    virtual void release(Identifier kind, std::string_view key, UserId holder) = 0;

    /// Whether somebody but `holder` has it.
    virtual bool is_held_from(UserId holder, Identifier kind, std::string_view key, TimePoint now) = 0;

    struct Held {
        std::size_t count = 0;
        std::optional<TimePoint> next_end = {};
    };
    virtual Held held_by(UserId holder, Identifier kind, TimePoint now) = 0;
};

}  // namespace csauth::users
