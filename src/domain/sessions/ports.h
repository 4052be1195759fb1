#pragma once

#include "audit/audit_log.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/transactions.h"
#include "devices/devices.h"
#include "outbox/outbox.h"
#include "roles/roles.h"
#include "sessions/sessions.h"
#include "users/users.h"

namespace csauth::sessions {

/// What services of sessions use of their surroundings: the stores of one database connection, its
/// transactions, the time, and random bytes. All of it outlives the services.
struct Ports {
    users::Users& users;
    roles::Roles& roles;
    devices::Devices& devices;
    Sessions& sessions;
    outbox::Outbox& outbox;
    audit::AuditLog& audit;
    Transactions& transactions;
    const Clock& clock;
    Random& random;
};

}  // namespace csauth::sessions
