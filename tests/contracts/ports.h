#pragma once

#include "accounts/one_time_tokens.h"
#include "audit/audit_log.h"
#include "base/random.h"
#include "devices/devices.h"
#include "outbox/outbox.h"
#include "recall/board.h"
#include "roles/roles.h"
#include "sessions/sessions.h"
#include "users/directory.h"
#include "users/reservations.h"
#include "users/users.h"

namespace csauth::contracts {

/// The implementations that a contract is checked against: the MySQL stores, or the fakes of the unit tests.
struct Ports {
    users::Users& users;
    users::Reservations& reservations;
    roles::Roles& roles;
    devices::Devices& devices;
    sessions::Sessions& sessions;
    accounts::OneTimeTokens& one_time_tokens;
    outbox::MailRequests& mail_requests;
    recall::Board& board;  ///< the stores post their recalls on it
    Random& random;
    users::Directory& directory;
    audit::AuditLog& audit;
};

/// A rule that holds for every implementation of a port.
struct Contract {
    const char* name;
    void (*run)(Ports&);
};

}  // namespace csauth::contracts
