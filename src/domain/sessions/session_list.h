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

/// Lists and ends sessions for their own user.
class SessionList {
public:
    SessionList(const Ports& ports, const Activity& activity);

    /// Returns the user's live sessions, the last used first. `last_active_at` includes sightings of this
    /// node that are not written yet.
    std::vector<Session> of(UserId user);

    /// Ends a session, in its own transaction, and writes the audit entry. Removes the push tokens of devices
    /// that have no session left. `not_found`: the session has ended, or is not the user's.
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
