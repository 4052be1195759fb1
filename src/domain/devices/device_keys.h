#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "crypto/key_ring.h"

namespace csauth::devices {

/// Whose device it is that was signed in on before.
struct KnownDevice {
    DeviceId device;
    UserId user;
};

/// What a device keeps to prove later that its user has signed in on it before: a signed token without an
/// end, which opens nothing. It is worth no more than the device's row, which the user may remove.
class DeviceKeys {
public:
    explicit DeviceKeys(const crypto::KeyRing& ring) : ring_{ring} {}

    std::string issue(const KnownDevice& device) const;

    /// Nothing when it is not one of ours.
    std::optional<KnownDevice> read(std::string_view key) const;

private:
    const crypto::KeyRing& ring_;
};

}  // namespace csauth::devices
