#include "handlers/views/devices.h"

#include "base/timestamps.h"
#include "json/writer.h"

namespace csauth::handlers::views {
namespace {

void write_device(json::Writer& json, const devices::DeviceRecord& record, DeviceId current) {
    json.begin_object()
        .member("id", record.device.id.text())
        .member("name", record.device.name)
        .member("type", name_of(record.device.type))
        .member("has_push_token", record.push_token.has_value())
        .member("created_at", rfc3339(record.created_at))
        .member("last_active", rfc3339(record.last_seen))
        .member("current", record.device.id == current)
        .end_object();
}

}  // namespace

std::string device(const devices::DeviceRecord& device, DeviceId current) {
    json::Writer json;
    write_device(json, device, current);
    return json.text();
}

std::string devices(const std::vector<devices::DeviceRecord>& devices, DeviceId current,
                    const std::optional<std::string>& next) {
    json::Writer json;
    json.begin_object().key("items").begin_array();
    for (const auto& record : devices)
        write_device(json, record, current);
    json.end_array().member("next", next).end_object();
    return json.text();
}

std::string push_targets(const std::vector<devices::PushTarget>& targets) {
    json::Writer json;
    json.begin_object().key("items").begin_array();
    for (const auto& target : targets)
        json.begin_object()
            .member("user", target.user.text())
            .member("device", target.device.id.text())
            .member("type", name_of(target.device.type))
            .member("push_token", target.push_token)
            .end_object();
    json.end_array().end_object();
    return json.text();
}

}  // namespace csauth::handlers::views
