#include "stores.h"

#include <stdexcept>

#include "db/migrations.h"

namespace csauth {
namespace {

db::Address address(const Config& config, const std::string& user, const std::string& password_file) {
    return {.socket = config.database.socket,
            .host = config.database.host,
            .port = config.database.port,
            .database = config.database.name,
            .user = user,
            .password = read_secret_file(password_file, process_environment()),
            .tls_ca = config.database.tls_ca,
            .connect_timeout = config.database.connect_timeout,
            .query_timeout = config.database.query_timeout};
}

}  // namespace

db::Address service_address(const Config& config) {
    return address(config, config.database.user, config.database.password_file);
}

db::Address migration_address(const Config& config) {
    constexpr std::chrono::hours longest_statement{4};  // an ALTER of a large table takes its time
    if (config.database.migrate_user.empty()) {
        auto own = service_address(config);
        own.query_timeout = longest_statement;
        return own;
    }
    auto other = address(config, config.database.migrate_user, config.database.migrate_password_file);
    other.query_timeout = longest_statement;
    return other;
}

Result<KeyRings, std::vector<ConfigProblem>> load_key_rings(const Config& config) {
    const std::filesystem::path dir = config.keys.dir;
    std::vector<ConfigProblem> problems;
    const auto good = [&](auto loaded) {
        if (!loaded) problems.push_back({"keys.dir", loaded.error()});
        return loaded;
    };
    auto access = good(crypto::KeyRing::load(dir / kKeyRingNames[0]));
    auto refresh = good(crypto::KeyRing::load(dir / kKeyRingNames[1]));
    auto site = good(crypto::KeyRing::load(dir / kKeyRingNames[2]));
    auto device = good(crypto::KeyRing::load(dir / kKeyRingNames[3]));
    auto seal = good(crypto::KeyRing::load(dir / kKeyRingNames[4]));
    auto audit = good(crypto::KeyRing::load(dir / kKeyRingNames[5]));
    auto audiences = good(crypto::AudienceRings::load(dir / kAudiencesDirectory));
    if (!problems.empty()) return problems;
    return KeyRings{std::move(*access), std::move(*refresh), std::move(*site),     std::move(*device),
                    std::move(*seal),   std::move(*audit),   std::move(*audiences)};
}

void KeyRings::follow(const Log& log) {
    constexpr std::chrono::milliseconds interval{500};
    const auto now = std::chrono::steady_clock::now();
    if (now < looked_at + interval) return;
    looked_at = now;
    const auto report = [&](const Result<bool, std::string>& followed) {
        if (!followed)
            log.error("keys_not_followed", {{"what", followed.error()}});
        else if (*followed)
            log.info("keys_followed");
    };
    for (auto* ring : {&access, &refresh, &site, &device, &seal, &audit})
        report(ring->follow());
    report(audiences.follow());
}

KeyRings usable_key_rings(const Config& config) {
    auto rings = load_key_rings(config);
    if (!rings) throw std::runtime_error(rings.error().front().text);
    return std::move(*rings);
}

Stores::Stores(const Config& config, const KeyRings& keys, const Clock& clock, Random& random,
               recall::Board* board, const presence::Table* here)
    : is_here{here == nullptr ? store::HereOnThisNode{} : store::HereOnThisNode{*here, clock}},
      database{service_address(config),
               [](db::Database& fresh) { db::require_schema(fresh, db::all_migrations()); }},
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

}  // namespace csauth
