#pragma once

#include "accounts/ports.h"
#include "config.h"
#include "db/database.h"
#include "key_rings.h"
#include "presence/table.h"
#include "store/audit_ledger.h"
#include "store/audit_log.h"
#include "store/devices.h"
#include "store/event_writer.h"
#include "store/mail_requests.h"
#include "store/one_time_tokens.h"
#include "store/outbox.h"
#include "store/presences.h"
#include "store/recalls.h"
#include "store/reservations.h"
#include "store/roles.h"
#include "store/sessions.h"
#include "store/user_directory.h"
#include "store/users.h"

namespace csauth {

/// How the service reaches its database: as configured, with its own user.
db::Address service_address(const Config& config);

/// The same as the account that seals the audit log and removes its old entries; the service's own account
/// where the configuration has no other.
db::Address keeper_address(const Config& config);

/// The same as the user that may change the schema.
db::Address migration_address(const Config& config);

/// The stores of one process over its one connection.
struct Stores {
    /// `board`, `here`: this node's recall board, and who is there on it; nothing for a process that has
    /// none.
    Stores(const Config& config, const KeyRings& keys, const Clock& clock, Random& random,
           recall::Board* board, const presence::Table* here);

    /// The same with another account of the database.
    Stores(const Config& config, const KeyRings& keys, const Clock& clock, Random& random,
           recall::Board* board, const presence::Table* here, db::Address address);
    Stores(const Stores&) = delete;
    Stores& operator=(const Stores&) = delete;

    /// Returns the stores as services know them.
    accounts::Ports ports(const Clock& clock, Random& random);

    store::HereOnThisNode is_here;
    db::Database database;
    store::Recalls recalls;
    store::EventWriter events;
    store::Users users;
    store::UserDirectory directory;
    store::Reservations reservations;
    store::Roles roles;
    store::Devices devices;
    store::Sessions sessions;
    store::OneTimeTokens one_time_tokens;
    store::Outbox outbox;
    store::MailRequests mail_requests;
    store::AuditLog audit;
    store::AuditLedger ledger;
    store::Presences presences;
};

}  // namespace csauth
