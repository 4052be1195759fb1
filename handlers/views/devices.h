#pragma once

#include <optional>
#include <string>
#include <vector>

#include "devices/devices.h"

namespace csauth::handlers::views {

/// Returns the object of a device, for its user. It says whether the device has a push token, but not which.
/// `current`: the device of the caller's session.
std::string device(const devices::DeviceRecord& device, DeviceId current);

/// Returns {items, next}. `next`: the cursor of the next page; nullopt becomes null.
std::string devices(const std::vector<devices::DeviceRecord>& devices, DeviceId current,
                    const std::optional<std::string>& next);

/// Returns {items} for a notifier: users, devices and push tokens.
std::string push_targets(const std::vector<devices::PushTarget>& targets);

}  // namespace csauth::handlers::views
