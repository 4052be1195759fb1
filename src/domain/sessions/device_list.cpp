#include "sessions/device_list.h"

namespace csauth::sessions {

DeviceList::DeviceList(const Ports& ports)
    : sessions_{ports.sessions},
      devices_{ports.devices},
      audit_{ports.audit},
      transactions_{ports.transactions},
      clock_{ports.clock} {}

std::vector<devices::DeviceRecord> DeviceList::page_of(UserId user, std::optional<DeviceId> before,
                                                       std::size_t most) {
    return devices_.page_of(user, before, most);
}

Result<DeviceId> DeviceList::device_of(SessionId session) {
    const auto live = sessions_.find_live(session, clock_.now());
    if (!live) return Error{.code = ErrorCode::session_ended};
    return live->session.device.id;
}

Result<devices::DeviceRecord> DeviceList::change(DeviceId id, UserId user, const DeviceEdit& edit) {
    return transactions_.run([&]() -> Result<devices::DeviceRecord> {
        if (!devices_.find(id, user)) return Error{.code = ErrorCode::not_found};
        devices_.change(id, user, edit.change);
        if (edit.push_token || edit.drops_push_token) devices_.set_push_token(id, user, edit.push_token);
        auto changed = devices_.find(id, user);
        if (!changed) return Error{.code = ErrorCode::not_found};  // removed meanwhile
        return std::move(*changed);
    });
}

Result<void> DeviceList::remove(DeviceId id, UserId user, const Origin& origin) {
    const TimePoint now = clock_.now();
    return transactions_.run([&]() -> Result<void> {
        if (!devices_.remove(id, user)) return Error{.code = ErrorCode::not_found};
        audit_.record({.action = audit::Action::device_removed,
                       .actor = user,
                       .subject = user,
                       .detail = "device " + id.text()},
                      origin, now);
        return {};
    });
}

}  // namespace csauth::sessions
