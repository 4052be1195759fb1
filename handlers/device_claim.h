#pragma once

#include "devices/device.h"
#include "http/body_reader.h"

namespace csauth::handlers {

/// {device_token?, device_type?, device_name?}: what a client says of the device that it signs in on.
inline devices::DeviceClaim read_device_claim(http::BodyReader& body) {
    devices::DeviceClaim claim;
    claim.push_token = body.optional<devices::PushToken>("device_token");
    if (const auto type = body.optional<devices::DeviceTypeName>("device_type")) claim.type = type->type;
    if (auto name = body.optional<devices::DeviceName>("device_name")) claim.name = std::move(name->text);
    return claim;
}

}  // namespace csauth::handlers
