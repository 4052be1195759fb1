#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "crypto/key_ring.h"

namespace csauth::devices {

/// The device that a device key names, and its user at the time of issue.
struct KnownDevice {
    DeviceId device;
    UserId user;
};

/// Issues and reads device keys. A device keeps its key to prove at the next sign-in that its user has signed
/// in on it before. The key is a JWS (RFC 7515) that never expires and gives no access. It proves nothing
/// once the user has removed the device, so callers look for the device's row as well.
class DeviceKeys {
public:
    explicit DeviceKeys(const crypto::KeyRing& ring) : ring_{ring} {}

    /// Returns the key of a device, signed with the active key of the ring.
    std::string issue(const KnownDevice& device) const;

    /// Returns nullopt if no key of the ring signed the text, or it is no device key.
    std::optional<KnownDevice> read(std::string_view key) const;

private:
    const crypto::KeyRing& ring_;
};

}  // namespace csauth::devices
