#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "devices/device.h"

namespace csauth::devices {

/// A device with everything that its row and its sessions say about it.
struct DeviceRecord {
    Device device;
    std::optional<std::string> push_token = {};
    bool is_online = false;  ///< a session on it is present on a live node; up to one second old
    TimePoint last_seen;     ///< the last sign-in, or the last written sighting of a session on it
    TimePoint created_at;
};

/// A device to which a push for a user goes.
struct PushTarget {
    UserId user;
    Device device;
    std::string push_token;
};

/// Changes to a device. Members that are nullopt leave the device as it is.
struct DeviceChange {
    std::optional<DeviceType> type = {};
    std::optional<std::string> name = {};
};

/// The most devices in one answer to a notifier. A user has at most 50 live sessions, so this is enough for
/// any hundred users.
inline constexpr std::size_t kMostPushTargets = 5'000;

/// The devices on which users sign in. Functions that change rows run inside the caller's transaction.
class Devices {
public:
    virtual ~Devices() = default;

    /// Returns the device of a sign-in, and writes the claim and `now` to its row. It is the device
    /// `claim.recognized`, or else the user's device with the claimed push token. If the user has neither,
    /// adds a device with the id `new_id`. A claimed push token moves here from any other device, also
    /// another user's.
    virtual Device sign_in(UserId user, const DeviceClaim& claim, DeviceId new_id, TimePoint now) = 0;

    /// Removes the push tokens of the user's devices on which each session has ended or expired. So no push
    /// reaches the former user of a shared phone.
    virtual void detach_idle(UserId user, TimePoint now) = 0;

    /// Removes devices of the user that have no session which has not ended, except the `most` last used
    /// ones. Removes at most 100 in one call.
    virtual void forget_oldest(UserId user, std::size_t most) = 0;

    /// Removes all devices of the user with their sessions. Recalls the user's tokens.
    virtual void remove_all(UserId user) = 0;

    /// Returns at most `most` devices of the user, newest first. If `before` is given, returns only devices
    /// that are older than that one.
    virtual std::vector<DeviceRecord> page_of(UserId user, std::optional<DeviceId> before,
                                              std::size_t most) = 0;

    /// Returns nullopt if there is no such device, or it is another user's.
    virtual std::optional<DeviceRecord> find(DeviceId id, UserId user) = 0;

    /// Changes the device if it is the user's. Otherwise has no effect.
    virtual void change(DeviceId id, UserId user, const DeviceChange& change) = 0;

    /// Moves the push token to this device if it is the user's, and away from any other device. nullopt
    /// removes the device's push token.
    virtual void set_push_token(DeviceId id, UserId user, const std::optional<PushToken>& token) = 0;

    /// Removes the device with its sessions, and recalls the user's tokens. Returns false if there is no such
    /// device, or it is another user's.
    virtual bool remove(DeviceId id, UserId user) = 0;

    /// Returns at most `most` devices of these users that have a push token and a live session, sorted by
    /// user. `users` may be empty.
    virtual std::vector<PushTarget> push_targets(std::span<const UserId> users, std::size_t most,
                                                 TimePoint now) = 0;
};

}  // namespace csauth::devices
