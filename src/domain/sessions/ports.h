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

/// The collaborators of the services in this folder: the stores of one database connection, its transactions,
/// the clock, and the source of random bytes. All of them outlive the services.
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
