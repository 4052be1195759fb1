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

/// Returns the configured address of the database, with the service's account. Reads the password file, and
/// throws if it can't be read.
db::Address service_address(const Config& config);

/// Returns the same with the keeper's account, or with the service's if database.keeper_user is not set.
db::Address keeper_address(const Config& config);

/// Returns the same with the account that may change the schema, or with the service's if
/// database.migrate_user is not set. A statement may take four hours, because an ALTER of a large table is
/// slow.
db::Address migration_address(const Config& config);

/// The stores of one process over its one connection, which opens at the first use. Every new connection
/// checks the schema first; if it is wrong, each call throws db::WrongSchema.
struct Stores {
    /// `board`: this node's recall board; `here`: its table of presence. Both are null in a process without
    /// them. `keys.seal` must be loaded to add or send mails with a secret.
    Stores(const Config& config, const KeyRings& keys, const Clock& clock, Random& random,
           recall::Board* board, const presence::Table* here);

    /// The same with another account of the database.
    Stores(const Config& config, const KeyRings& keys, const Clock& clock, Random& random,
           recall::Board* board, const presence::Table* here, db::Address address);
    Stores(const Stores&) = delete;
    Stores& operator=(const Stores&) = delete;

    /// Returns references to the stores, for services. This object must outlive them.
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
