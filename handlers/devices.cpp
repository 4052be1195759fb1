#include "handlers/views/devices.h"
#include "handlers/call.h"
#include "handlers/paging.h"
#include "http/body_reader.h"
#include "sessions/device_list.h"

namespace csauth::handlers {
namespace {

/// Reads {device_token?, device_type?, device_name?}. A `device_token` of null removes the push token.
sessions::DeviceEdit read_edit(http::BodyReader& body) {
    sessions::DeviceEdit edit;
    edit.push_token = body.optional<devices::PushToken>("device_token");
    edit.drops_push_token = body.is_null("device_token");
    if (const auto type = body.optional<devices::DeviceTypeName>("device_type"))
        edit.change.type = type->type;
    if (auto name = body.optional<devices::DeviceName>("device_name"))
        edit.change.name = std::move(name->text);
    return edit;
}

/// Changes the device and returns it as the answer. `not_found`: the caller has no such device.
Result<http::Response> changed(Services& services, const Call& call, DeviceId id,
                               const sessions::DeviceEdit& edit) {
    const auto device = services.device_list.change(id, call.caller->holder.id, edit);
    if (!device) return device.error();
    const auto current = services.device_list.device_of(call.caller->session);
    if (!current) return current.error();
    return http::Response{.status = 200, .body = views::device(*device, *current)};
}

}  // namespace

// GET /api/devices
Result<http::Response> list_devices(Services& services, const Call& call) {
    const auto page = read_page(call.request.query);
    if (!page) return page.error();
    const auto before = id_in<DeviceId>(*page);
    if (!before) return before.error();
    const auto current = services.device_list.device_of(call.caller->session);
    if (!current) return current.error();
    auto found = services.device_list.page_of(call.caller->holder.id, *before, page->limit + 1);
    const auto next = cut_to_page(found, *page, [](const auto& record) { return record.device.id.text(); });
    return http::Response{.status = 200, .body = views::devices(found, *current, next)};
}

// POST /api/devices
Result<http::Response> update_own_device(Services& services, const Call& call) {
    http::BodyReader body{call.request.body};
    const auto edit = read_edit(body);
    if (!body.has("device_token"))
        body.complain("device_token", {FieldCode::required, "This member is required."});
    if (!body.ok()) return body.error();
    const auto own = services.device_list.device_of(call.caller->session);
    if (!own) return own.error();
    return changed(services, call, *own, edit);
}

// PATCH /api/devices/{id}
Result<http::Response> change_device(Services& services, const Call& call) {
    http::BodyReader body{call.request.body};
    const auto edit = read_edit(body);
    if (!body.ok()) return body.error();
    const auto id = call.id<DeviceId>();
    if (!id) return id.error();
    return changed(services, call, *id, edit);
}

// DELETE /api/devices/{id}
Result<http::Response> delete_device(Services& services, const Call& call) {
    const auto id = call.id<DeviceId>();
    if (!id) return id.error();
    const auto removed = services.device_list.remove(*id, call.caller->holder.id, call.origin());
    if (!removed) return removed.error();
    return http::Response{.status = 204};
}

}  // namespace csauth::handlers
