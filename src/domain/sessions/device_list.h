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

/// The changes that a request makes to a device. Members that are nullopt leave the device as it is.
struct DeviceEdit {
    devices::DeviceChange change = {};
    std::optional<devices::PushToken> push_token = {};
    bool drops_push_token = false;  ///< removes the push token, unless `push_token` has a new one
};

/// Lists, changes and removes devices for their own user. Another user's device is `not_found`.
class DeviceList {
public:
    explicit DeviceList(const Ports& ports);

    /// Returns at most `most` devices of the user, newest first. If `before` is given, returns only devices
    /// that are older than that one.
    std::vector<devices::DeviceRecord> page_of(UserId user, std::optional<DeviceId> before, std::size_t most);

    /// Returns the device on which a session was opened. `session_ended`: the session is not live.
    Result<DeviceId> device_of(SessionId session);

    /// Changes the device in a transaction of its own, and returns it as it is then. `not_found`.
    Result<devices::DeviceRecord> change(DeviceId id, UserId user, const DeviceEdit& edit);

    /// Removes the device with its sessions, in a transaction of its own, and writes the audit entry. Recalls
    /// the user's tokens. `not_found`.
    Result<void> remove(DeviceId id, UserId user, const Origin& origin);

private:
    Sessions& sessions_;
    devices::Devices& devices_;
    audit::AuditLog& audit_;
    Transactions& transactions_;
    const Clock& clock_;
};

}  // namespace csauth::sessions
