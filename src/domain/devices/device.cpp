#include "devices/device.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "base/enum_names.h"

namespace csauth::devices {
namespace {

constexpr EnumNames kDeviceTypeNames{std::to_array<NameOf<DeviceType>>({
    {DeviceType::ios, "ios"},
    {DeviceType::android, "android"},
    {DeviceType::web, "web"},
    {DeviceType::desktop, "desktop"},
    {DeviceType::other, "other"},
})};

}  // namespace

std::string_view name_of(DeviceType type) { return kDeviceTypeNames.of(type); }

Result<DeviceTypeName, Complaint> DeviceTypeName::parse(std::string_view given) {
    if (const auto type = kDeviceTypeNames.find(ascii_lower(trimmed(given)))) return DeviceTypeName{*type};
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
