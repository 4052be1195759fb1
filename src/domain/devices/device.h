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

/// Returns the stable name: "ios".
std::string_view name_of(DeviceType type);

/// A device type as a client names it.
struct DeviceTypeName {
    DeviceType type;

    /// Ignores case and the white space around the name. `invalid`: any other name.
    static Result<DeviceTypeName, Complaint> parse(std::string_view given);
};

/// A push service's address of one device: printable ASCII without spaces.
struct PushToken {
    std::string text;

    /// Ignores white space around the token. `too_short`: empty. `too_long`: over kLongestPushToken.
    /// `invalid`: other characters.
    static Result<PushToken, Complaint> parse(std::string_view given);
};

/// A name that a client gives to its device, often made up by its system; may be empty.
struct DeviceName {
    std::string text;

    /// Cleans the name (text::cleaned_text) and cuts it to kLongestDeviceName. Never refuses it, so that a
    /// name does not prevent a sign-in.
    static Result<DeviceName, Complaint> parse(std::string_view given) {
        return DeviceName{text::cleaned_text(given, kLongestDeviceName)};
    }
};

/// A browser or program on which a user signs in. Each device belongs to one user.
struct Device {
    DeviceId id;
    DeviceType type = DeviceType::other;
    std::string name;  ///< may be empty
};

/// What a client says about its device at sign-in.
struct DeviceClaim {
    std::optional<PushToken> push_token;  ///< nullopt leaves a known device's push token as it is
    std::optional<DeviceType> type;       ///< nullopt leaves a known device's type; a new one gets `other`
    std::string name;                     ///< empty leaves a known device's name as it is
    std::string key = {};  ///< the device key of the previous sign-in, not yet checked; see DeviceKeys
    std::optional<DeviceId> recognized =
        {};  ///< the device that `key` proves; sessions::Authentication sets it
};

}  // namespace csauth::devices
