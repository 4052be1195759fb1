#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "devices/device.h"

namespace csauth::devices {

/// A device as it is kept.
struct DeviceRecord {
    Device device;
    std::optional<std::string> push_token = {};
    bool is_online = false;  ///< it has shown itself lately, as of a second ago
    TimePoint last_seen;     ///< the last use of any session on it, as far as it is written
    TimePoint created_at;
};

/// Where a push for a user goes.
struct PushTarget {
    UserId user;
    Device device;
    std::string push_token;
};

/// What changes of a device; what is nothing stays.
struct DeviceChange {
    std::optional<DeviceType> type = {};
    std::optional<std::string> name = {};
};

/// The devices that people sign in on.
/// Devices in one answer for a notifier. A user has at most 50 live sessions, so this is enough for any
/// hundred users.
inline constexpr std::size_t kMostPushTargets = 5'000;

class Devices {
public:
    virtual ~Devices() = default;

    /// The device that the claim proves to be the user's, else the user's device with the claimed push token,
    /// else a new one. A push token moves here from whoever had it.
    virtual Device sign_in(UserId user, const DeviceClaim& claim, DeviceId new_id, TimePoint now) = 0;

    /// Devices of the user without a live session lose their push tokens, so that no push reaches the former
    /// user of a shared phone.
    virtual void detach_idle(UserId user, TimePoint now) = 0;

    /// Of the user's devices without a live session the last used `most` stay.
    virtual void forget_oldest(UserId user, std::size_t most) = 0;

    /// The user's devices are gone, and their sessions with them. Recalls the user's tokens.
    virtual void remove_all(UserId user) = 0;

    /// At most `most` devices of the user, newest first: those older than `before`, where it is given.
    virtual std::vector<DeviceRecord> page_of(UserId user, std::optional<DeviceId> before,
                                              std::size_t most) = 0;

    /// The device if it is the user's.
    virtual std::optional<DeviceRecord> find(DeviceId id, UserId user) = 0;

    virtual void change(DeviceId id, UserId user, const DeviceChange& change) = 0;

    /// The push token moves to this device of the user; nothing: the device wants no push any more.
    virtual void set_push_token(DeviceId id, UserId user, const std::optional<PushToken>& token) = 0;

    /// The device is gone, and its sessions with it; says whether it was the user's. Recalls the user's
    /// tokens.
    virtual bool remove(DeviceId id, UserId user) = 0;

    /// Returns at most `most` devices of these users that have a push token and a live session.
    virtual std::vector<PushTarget> push_targets(std::span<const UserId> users, std::size_t most,
                                                 TimePoint now) = 0;
};

}  // namespace csauth::devices
