#include "stores.h"

#include "db/migrations.h"
#include "secret_files.h"

namespace csauth {
namespace {

db::Address address(const Config& config, const std::string& user, const std::string& key,
                    const std::string& password_file) {
    return {.socket = config.database.socket,
            .host = config.database.host,
            .port = config.database.port,
            .database = config.database.name,
            .user = user,
            .password = read_secret_file(password_file, process_environment()),
            .password_from = key + (password_file.empty() ? " is not set" : " = " + password_file),
            .tls_ca = config.database.tls_ca,
            .connect_timeout = config.database.connect_timeout,
            .query_timeout = config.database.query_timeout};
}

}  // namespace

db::Address service_address(const Config& config) {
    return address(config, config.database.user, "database.password_file", config.database.password_file);
}

db::Address keeper_address(const Config& config) {
    if (config.database.keeper_user.empty()) return service_address(config);
    return address(config, config.database.keeper_user, "database.keeper_password_file",
                   config.database.keeper_password_file);
}

db::Address migration_address(const Config& config) {
    constexpr std::chrono::hours longest_statement{4};  // an ALTER of a large table is slow
    if (config.database.migrate_user.empty()) {
        auto own = service_address(config);
        own.query_timeout = longest_statement;
        return own;
    }
    auto other = address(config, config.database.migrate_user, "database.migrate_password_file",
                         config.database.migrate_password_file);
    other.query_timeout = longest_statement;
    return other;
}

Stores::Stores(const Config& config, const KeyRings& keys, const Clock& clock, Random& random,
               recall::Board* board, const presence::Table* here)
    : Stores{config, keys, clock, random, board, here, service_address(config)} {}

Stores::Stores(const Config& config, const KeyRings& keys, const Clock& clock, Random& random,
               recall::Board* board, const presence::Table* here, db::Address address)
    : is_here{here == nullptr ? store::HereOnThisNode{} : store::HereOnThisNode{*here, clock}},
      database{std::move(address),
               [](db::Database& connected) { db::require_schema(connected, db::all_migrations()); }},
      recalls{database, board, clock},
      events{database},
      users{database, recalls, events, is_here, store::node_named(config.server.node_name)},
      directory{database, is_here},
      reservations{database},
      roles{database, recalls, events},
      devices{database, recalls, config.tokens.idle_lifetime},
      sessions{database, recalls, events, config.tokens.idle_lifetime,
               store::node_named(config.server.node_name)},
      one_time_tokens{database},
      outbox{database, keys.seal, random},
      mail_requests{database, random},
      audit{database, random},
      ledger{database},
      presences{database, store::node_named(config.server.node_name)} {}

accounts::Ports Stores::ports(const Clock& clock, Random& random) {
    return {.users = users,
            .reservations = reservations,
            .roles = roles,
            .devices = devices,
            .sessions = sessions,
            .one_time_tokens = one_time_tokens,
            .outbox = outbox,
            .mail_requests = mail_requests,
            .audit = audit,
            .transactions = database,
            .clock = clock,
            .random = random};
}

}  // namespace csauth
