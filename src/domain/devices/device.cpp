#include "devices/device.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "base/encoding.h"

namespace csauth::devices {

std::string_view name_of(DeviceType type) {
    switch (type) {
        case DeviceType::ios: return "ios";
        case DeviceType::android: return "android";
        case DeviceType::web: return "web";
        case DeviceType::desktop: return "desktop";
        case DeviceType::other: return "other";
    }
    throw std::logic_error("a DeviceType without a name");
}

Result<DeviceTypeName, Complaint> DeviceTypeName::parse(std::string_view given) {
    const std::string wanted = ascii_lower(trimmed(given));
    for (const auto type :
         {DeviceType::ios, DeviceType::android, DeviceType::web, DeviceType::desktop, DeviceType::other})
        if (wanted == name_of(type)) return DeviceTypeName{type};
    return Complaint{FieldCode::invalid, "This is one of ios, android, web, desktop and other."};
}

Result<PushToken, Complaint> PushToken::parse(std::string_view given) {
    given = trimmed(given);
    if (given.empty()) return Complaint{FieldCode::too_short, "This may not be empty."};
    if (given.size() > kLongestPushToken) {
        return Complaint{FieldCode::too_long,
                         "At most " + std::to_string(kLongestPushToken) + " characters are allowed."};
    }
    if (!std::all_of(given.begin(), given.end(), [](char c) { return c > ' ' && c <= '~'; }))
        return Complaint{FieldCode::invalid, "A push token is printable ASCII without spaces."};
    return PushToken{std::string{given}};
}

}  // namespace csauth::devices
