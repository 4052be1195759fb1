#pragma once

#include <cstdlib>
#include <stdexcept>
#include <string>

#include "config.h"
#include "db/database.h"
#include "db/migrations.h"
#include "fakes/world.h"
#include "secret_files.h"
#include "store/audit_ledger.h"
#include "store/audit_log.h"
#include "store/devices.h"
#include "store/event_writer.h"
#include "store/housekeeping.h"
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

namespace csauth::tests {

/// The database that tests/run.sh has made for these tests: TEST_DB_SOCKET, TEST_DB_PASSWORD_FILE.
inline db::Address test_address() {
    const auto environment = process_environment();
    const auto socket = environment("TEST_DB_SOCKET");
    const auto password_file = environment("TEST_DB_PASSWORD_FILE");
    if (!socket || !password_file) throw std::runtime_error("the store tests run through tests/run.sh");
    return {.socket = *socket,
            .database = "csauth_store_test",
            .user = "csauth_migrate",
            .password = read_secret_file(*password_file, environment),
            .query_timeout = std::chrono::seconds{30}};
}

/// Drops every table that there is.
inline void empty(db::Database& database) {
    database.execute_text("SET FOREIGN_KEY_CHECKS = 0");
    for (const auto& table : database.find_all([](db::Row& row) { return row.text("name"); },
                                               "SELECT table_name AS name FROM information_schema.tables "
                                               "WHERE table_schema = DATABASE()"))
        database.execute_text("DROP TABLE " + table);
    database.execute_text("SET FOREIGN_KEY_CHECKS = 1");
}

/// All stores over a database with the present schema and no users.
struct StoreDatabase {
    StoreDatabase() {
        static const bool migrated = [] {
            db::Database fresh{test_address()};
            empty(fresh);
            db::migrate(test_address(), test_address(), db::all_migrations(), [](const std::string&) {});
            return true;
        }();
        (void)migrated;
        for (const char* table :
             {"audit_log", "outbox", "mail_requests", "leases", "reservations", "erasures", "recalls",
              "presence", "nodes", "events", "audit_batches", "audit_beginning", "session_activity", "users"})
            database.execute_text(std::string{"DELETE FROM "} + table);  // the rest goes with the users
        database.execute_text("DELETE FROM roles WHERE name NOT IN ('admin', 'moderator', 'member')");
    }

    fakes::Random random;
    crypto::KeyRing seal_keys = fakes::key_ring("seal-1", 's');
    db::Database database{test_address()};
    fakes::Clock clock;
    recall::Board board{64};
    store::Recalls recalls{database, &board, clock};
    store::EventWriter events{database};
    store::HereOnThisNode is_here;
    store::Users users{database, recalls, events, is_here, store::node_named("here")};
    store::Reservations reservations{database};
    store::UserDirectory directory{database, is_here};
    store::Roles roles{database, recalls, events};
    store::Devices devices{database, recalls, std::chrono::hours{30 * 24}};
    store::Sessions sessions{database, recalls, events, std::chrono::hours{30 * 24},
                             store::node_named("here")};
    store::OneTimeTokens one_time_tokens{database};
    store::MailRequests mail_requests{database, random};
    store::Outbox outbox{database, seal_keys, random};
    store::AuditLog audit{database, random};
    store::AuditLedger ledger{database};
    store::Housekeeping housekeeping{database, random};
    store::Presences presences{database, store::node_named("here")};
};

}  // namespace csauth::tests
