#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/result.h"
#include "text/plain_text.h"

namespace csauth::devices {

inline constexpr std::size_t kLongestPushToken = 4096;  // bytes; FCM's have 163, Web Push's a few hundred
inline constexpr std::size_t kLongestDeviceName = 100;  // code points

enum class DeviceType { ios, android, web, desktop, other };

std::string_view name_of(DeviceType type);

/// Reads "ios", "android" and so on from a request, in any case.
struct DeviceTypeName {
    DeviceType type;
    static Result<DeviceTypeName, Complaint> parse(std::string_view given);
};

/// A push service's address of one device: printable ASCII.
struct PushToken {
    std::string text;
    static Result<PushToken, Complaint> parse(std::string_view given);
};

/// A name that a client gives to its device, often made up by its system. Never a reason to refuse a sign-in:
/// it is cleaned, and cut to kLongestDeviceName.
struct DeviceName {
    std::string text;
    static Result<DeviceName, Complaint> parse(std::string_view given) {
        return DeviceName{text::cleaned_text(given, kLongestDeviceName)};
    }
};

struct Device {
    DeviceId id;
    DeviceType type = DeviceType::other;
    std::string name;
};

/// What a client says of the device that it signs in on.
struct DeviceClaim {
    std::optional<PushToken> push_token;
    std::optional<DeviceType> type;  ///< nothing: as it is known, or other
    std::string name;                ///< empty: as it is known
    std::string key = {};            ///< what the device was given the last time; see DeviceKeys
    std::optional<DeviceId> recognized =
        {};  ///< set by the service: the device of `key`, if it is the user's
};

}  // namespace csauth::devices
