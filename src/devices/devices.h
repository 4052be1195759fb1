#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "devices/device.h"

namespace csauth::devices {

/// A device as it is kept.
struct DeviceRecord {
    Device device;
    std::optional<std::string> push_token = {};
    bool is_online = false;
    TimePoint last_seen;
    TimePoint created_at;
};

/// The devices that people sign in on.
class Devices {
public:
    virtual ~Devices() = default;

    /// The user's device with the claimed push token, or a new one; online from now. A push token moves
    /// here from whoever had it.
    virtual Device sign_in(UserId user, const DeviceClaim& claim, DeviceId fresh_id, TimePoint now) = 0;

    /// Devices of the user without a live session go offline and lose their push tokens, so that no push
    /// reaches the former user of a shared phone.
    virtual void detach_idle(UserId user, TimePoint now) = 0;

    /// The user's devices are gone, and their sessions with them.
    virtual void remove_all(UserId user) = 0;

    /// Every device of the user, oldest first.
    virtual std::vector<DeviceRecord> all_of(UserId user) = 0;
};

}  // namespace csauth::devices
