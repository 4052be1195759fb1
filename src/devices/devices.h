#pragma once

#include "base/clock.h"
#include "devices/device.h"

namespace csauth::devices {

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
};

}  // namespace csauth::devices
