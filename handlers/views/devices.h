#pragma once

#include <optional>
#include <string>
#include <vector>

#include "devices/devices.h"

namespace csauth::handlers::views {

/// A device as its user sees it: whether it has a push token, never which.
std::string device(const devices::DeviceRecord& device, DeviceId current);

/// {items, next}
std::string devices(const std::vector<devices::DeviceRecord>& devices, DeviceId current,
                    const std::optional<std::string>& next);

/// {items} for a notifier: where to send pushes.
std::string push_targets(const std::vector<devices::PushTarget>& targets);

}  // namespace csauth::handlers::views
