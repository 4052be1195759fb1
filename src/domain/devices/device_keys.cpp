#include "devices/device_keys.h"

#include "crypto/jws.h"
#include "json/object.h"
#include "json/writer.h"

namespace csauth::devices {
namespace {

constexpr std::string_view kDevice = "device";
constexpr json::Limits kClaimsLimits{.bytes = 512, .depth = 1, .members = 8};

}  // namespace

std::string DeviceKeys::issue(const KnownDevice& device) const {
    json::Writer claims;
    claims.begin_object()
        .member("token_type", kDevice)
        .member("did", device.device.text())
        .member("sub", device.user.text())
        .end_object();
    return crypto::sign_jws(claims.text(), ring_);
}

std::optional<KnownDevice> DeviceKeys::read(std::string_view key) const {
    const auto verified = crypto::verify_jws(key, ring_);
    if (!verified) return std::nullopt;
    const auto claims = json::Object::parse(verified->payload, kClaimsLimits);
    if (!claims || claims->string("token_type") != kDevice) return std::nullopt;
    const auto device = DeviceId::parse(claims->string("did").value_or(""));
    const auto user = UserId::parse(claims->string("sub").value_or(""));
    if (!device || !user) return std::nullopt;
    return KnownDevice{*device, *user};
}

}  // namespace csauth::devices
