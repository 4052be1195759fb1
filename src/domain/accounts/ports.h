#pragma once

#include "accounts/one_time_tokens.h"
#include "outbox/outbox.h"
#include "sessions/ports.h"
#include "users/reservations.h"

namespace csauth::accounts {

/// The collaborators of the services in this folder: the stores of one database connection, its transactions,
/// the clock, and random bytes. They outlive the services.
struct Ports {
    users::Users& users;
    users::Reservations& reservations;
    roles::Roles& roles;
    devices::Devices& devices;
    sessions::Sessions& sessions;
    OneTimeTokens& one_time_tokens;
    outbox::Outbox& outbox;
    outbox::MailRequests& mail_requests;
    audit::AuditLog& audit;
    Transactions& transactions;
    const Clock& clock;
    Random& random;

    /// Returns those that services of sessions use.
    operator sessions::Ports() const {  // NOLINT(google-explicit-constructor): a part is good for the whole
        return {.users = users,
                .roles = roles,
                .devices = devices,
                .sessions = sessions,
                .outbox = outbox,
                .audit = audit,
                .transactions = transactions,
                .clock = clock,
                .random = random};
    }
};

}  // namespace csauth::accounts
