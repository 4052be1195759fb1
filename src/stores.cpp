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
    auto access = crypto::KeyRing::load(dir / kKeyRingNames[0]);
    auto refresh = crypto::KeyRing::load(dir / kKeyRingNames[1]);
    auto seal = crypto::KeyRing::load(dir / kKeyRingNames[2]);
    std::vector<ConfigProblem> problems;
    for (const auto* ring : {&access, &refresh, &seal})
        if (!*ring) problems.push_back({"keys.dir", ring->error()});
    if (!problems.empty()) return problems;
    return KeyRings{std::move(*access), std::move(*refresh), std::move(*seal)};
}

KeyRings usable_key_rings(const Config& config) {
    auto rings = load_key_rings(config);
    if (!rings) throw std::runtime_error(rings.error().front().text);
    return std::move(*rings);
}

Stores::Stores(const Config& config, const KeyRings& keys, Random& random)
    : database{service_address(config),
               [](db::Database& fresh) { db::require_schema(fresh, db::all_migrations()); }},
      users{database},
      reservations{database},
      roles{database},
      devices{database},
      sessions{database, config.tokens.idle_lifetime},
      one_time_tokens{database},
      outbox{database, keys.seal, random},
      mail_requests{database, random},
      audit{database, random} {}

}  // namespace csauth
