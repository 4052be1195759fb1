#pragma once

#include <optional>
#include <vector>

#include "audit/audit_log.h"
#include "base/result.h"
#include "base/transactions.h"
#include "devices/devices.h"
#include "sessions/ports.h"
#include "sessions/sessions.h"

namespace csauth::sessions {

/// What a request changes of a device; what is nothing stays.
struct DeviceEdit {
    devices::DeviceChange change = {};
    std::optional<devices::PushToken> push_token = {};
    bool drops_push_token = false;
};

/// What people see and change of their own devices. Others' are not_found.
class DeviceList {
public:
    explicit DeviceList(const Ports& ports);

    /// At most `most`, the newest first; those older than `before`, where it is given.
    std::vector<devices::DeviceRecord> page_of(UserId user, std::optional<DeviceId> before, std::size_t most);

    /// The device that a session is on. session_ended.
    Result<DeviceId> device_of(SessionId session);

    Result<devices::DeviceRecord> change(DeviceId id, UserId user, const DeviceEdit& edit);

    /// The device goes, and its sessions end.
    Result<void> remove(DeviceId id, UserId user, const Origin& origin);

private:
    Sessions& sessions_;
    devices::Devices& devices_;
    audit::AuditLog& audit_;
    Transactions& transactions_;
    const Clock& clock_;
};

}  // namespace csauth::sessions
