#pragma once

#include <vector>

#include "audit/audit_log.h"
#include "base/result.h"
#include "base/transactions.h"
#include "devices/devices.h"
#include "sessions/activity.h"
#include "sessions/ports.h"
#include "sessions/sessions.h"

namespace csauth::sessions {

/// What people see of their own sessions, and end of them.
class SessionList {
public:
    SessionList(const Ports& ports, const Activity& activity);

    /// The live ones, the last used first; their last use as this node knows it.
    std::vector<Session> of(UserId user);

    /// not_found: it is not a live session of this user.
    Result<void> end(SessionId id, UserId user, const Origin& origin);

private:
    Sessions& sessions_;
    devices::Devices& devices_;
    const Activity& activity_;
    audit::AuditLog& audit_;
    Transactions& transactions_;
    const Clock& clock_;
};

}  // namespace csauth::sessions
