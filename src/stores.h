#pragma once

#include <chrono>

#include "config.h"
#include "crypto/key_ring.h"
#include "db/database.h"
#include "presence/table.h"
#include "store/audit_ledger.h"
#include "store/audit_log.h"
#include "store/devices.h"
#include "store/events.h"
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

/// The same as the user that may change the schema.
db::Address migration_address(const Config& config);

/// The key rings of csauthd, each a directory below keys.dir.
struct KeyRings {
    crypto::KeyRing access;
    crypto::KeyRing refresh;
    crypto::KeyRing site;
    crypto::KeyRing device;
    crypto::KeyRing seal;
    crypto::KeyRing audit;
    crypto::AudienceRings audiences;

    /// Takes over what has changed on disk, at most twice a second. What can't be used goes to the log, and
    /// the keys stay.
    void follow(const Log& log);

    std::chrono::steady_clock::time_point looked_at = {};  ///< by follow()
};

inline constexpr const char* kAuditRing = "audit";
inline constexpr const char* kKeyRingNames[] = {"access", "refresh", "site", "device", "seal", kAuditRing};
inline constexpr const char* kAudiencesDirectory = "audiences";

/// The rings, or a sentence for each that can't be used.
Result<KeyRings, std::vector<ConfigProblem>> load_key_rings(const Config& config);

/// The same where they were found good before; throws when they are not any more.
KeyRings usable_key_rings(const Config& config);

/// The stores of one process over its one connection.
struct Stores {
    /// `board`, `here`: this node's recall board, and who is there on it; nothing for a process that has
    /// none.
    Stores(const Config& config, const KeyRings& keys, const Clock& clock, Random& random,
           recall::Board* board, const presence::Table* here);
    Stores(const Stores&) = delete;
    Stores& operator=(const Stores&) = delete;

    store::HereOnThisNode is_here;
    db::Database database;
    store::Recalls recalls;
    store::Events events;
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
