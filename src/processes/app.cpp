#include "app.h"

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include "assembly.h"
#include "base/lists.h"
#include "crypto/kept_memory.h"
#include "crypto/password_hasher.h"
#include "db/errors.h"
#include "handlers/cookies.h"
#include "handlers/verify_request.h"
#include "http/problem.h"
#include "http/return_address.h"
#include "images/imager.h"
#include "images/picture.h"
#include "json/object.h"
#include "secret_files.h"
#include "server/fcgi.h"
#include "server/request_log.h"
#include "server/worker.h"
#include "sessions/program_key.h"
#include "store/avatar_files.h"
#include "stores.h"

namespace csauth {
namespace {

using namespace std::chrono_literals;

constexpr auto kRetryWhenUnavailable = 2s;
constexpr auto kPatienceForDecoder = 15s;  // other pictures may be decoded first
static_assert(server::kLongestBody >= images::kLongestUpload + json::Limits{}.bytes);

// While a check waits for a slow database, other checks wait for the same worker.
constexpr std::chrono::seconds kLongestEdgeQuery{1};

/// Ready if the database answers. The schema is checked on every new connection.
class DatabaseReadiness final : public handlers::Readiness {
public:
    DatabaseReadiness(db::Database& database, Outage& outage, const Clock& clock, const Log& log)
        : database_{database}, outage_{outage}, clock_{clock}, log_{log} {}

    bool is_ready() override {
        try {
            (void)database_.find_one([](db::Row& row) { return row.integer("one"); }, "SELECT 1 AS one");
            return true;
        } catch (const db::Unavailable& e) {
            outage_.failed(log_, clock_.uptime(), e.what());
            return false;
        }
    }

private:
    db::Database& database_;
    Outage& outage_;
    const Clock& clock_;
    const Log& log_;
};

/// Only hash workers compute password hashes, so no other pool holds the pepper.
crypto::PasswordHasher hasher_for(const Config& config, handlers::Pool pool, Shared& shared) {
    if (pool != handlers::Pool::hash) return crypto::PasswordHasher::withheld();
    return {{config.passwords.memory_kib, config.passwords.passes},
            read_secret_file(config.passwords.pepper_file, process_environment()),
            &shared.hash_turns};
}

/// Only api workers answer notifiers. In other pools the key is not set and matches no request.
sessions::ProgramKey notifier_key_for(const Config& config, handlers::Pool pool) {
    if (pool != handlers::Pool::api) return sessions::ProgramKey{Secret{}};
    return sessions::ProgramKey{read_secret_file(config.push.key_file, process_environment())};
}
sessions::ProgramKey proxy_key_for(const Config& config, handlers::Pool pool) {
    if (pool != handlers::Pool::edge) return sessions::ProgramKey{Secret{}};
    return sessions::ProgramKey{read_secret_file(config.server.proxy_key_file, process_environment())};
}

/// With strict refreshing no token is answered twice, so `compatible` becomes `on`.
sessions::Rotation rotation_of(const Config& config) {
    using sessions::Rotation;
    if (config.tokens.rotation == "off") return Rotation::off;
    if (config.tokens.rotation == "on" || config.tokens.strict_refresh) return Rotation::on;
    return Rotation::compatible;
}

/// Returns the places of a pool's workers that wait for the imager. Few hash workers exist, and people who
/// sign in wait for them. So that pool has one place of its own.
limits::LimitedPlaces imager_places_for(const Config& config, handlers::Pool pool, Shared& shared) {
    if (pool == handlers::Pool::hash) return {shared.imager_places_of_hash_pool, 1};
    return {shared.imager_places, limits::places_for(config.server.api_workers)};
}

}  // namespace

struct App::Parts {
    Parts(const Config& config, handlers::Pool pool, Shared& shared, const Log& log,
          handlers::Streams* streams)
        : keys{usable_key_rings(config, handlers::name_of(pool))},
          stores{config, keys, clock, random, &shared.board, &shared.presence},
          hasher{hasher_for(config, pool, shared)},
          context_words{config.site.name, config.site.url},
          tokens{{.issuer = config.tokens.issuer,
                  .audience = config.tokens.audience,
                  .access_lifetime = config.tokens.access_lifetime,
                  .idle_lifetime = config.tokens.idle_lifetime,
                  .rotation = rotation_of(config)},
                 {keys.access, keys.refresh, keys.site, keys.audiences},
                 clock,
                 random},
          device_keys{keys.device},
          notifier_key{notifier_key_for(config, pool)},
          proxy_key{proxy_key_for(config, pool)},
          limiter{config.limits.enabled ? &shared.limits : nullptr, clock},
          decoder{config.server.run_dir + "/imager.sock", kPatienceForDecoder},
          avatar_files{config.avatars.dir, log},
          imager_places{imager_places_for(config, pool, shared)},
          return_hosts{http::return_hosts(config.site.url, config.site.return_hosts)},
          cookies{.origin = return_hosts.scheme + "://" + return_hosts.hosts.front(),
                  .domain = config.site.cookie_domain,
                  .lifetime = config.tokens.idle_lifetime,
                  .trusted_origins = config.site.cors_credentials
                                         ? split_written_list(config.site.cors_origins)
                                         : std::vector<std::string>{}},
          readiness{stores.database, shared.outages.database(), clock, log},
          site_name{config.site.name},
          parts{.tokens = tokens,
                .device_keys = device_keys,
                .limiter = limiter,
                .memory = {shared.board, shared.activity, shared.presence},
                .unwritten = shared.unwritten,
                .presences = stores.presences,
                .decoder = decoder,
                .imager_places = imager_places,
                .avatar_files = avatar_files,
                .session_lifetime = config.tokens.session_lifetime,
                .on_stale =
                    config.tokens.on_stale == "allow" ? sessions::OnStale::allow : sessions::OnStale::refuse,
                .refresh = {.parents = config.tokens.strict_refresh ? sessions::ParentTokens::refused
                                                                    : sessions::ParentTokens::answered,
                            .unverified_audiences = split_written_list(config.tokens.unverified_audiences)},
                .log = log,
                .unchecked = shared.outages.checks()},
          assembled{{.ports = stores.ports(clock, random),
                     .seal_keys = keys.seal,
                     .hasher = hasher,
                     .context_words = context_words},
                    parts},
          services{handler_services(assembled, stores.ports(clock, random), parts,
                                    {.directory = stores.directory,
                                     .notifier_key = notifier_key,
                                     .proxy_key = proxy_key,
                                     .readiness = readiness,
                                     .streams = streams,
                                     .cookies = cookies,
                                     .return_hosts = return_hosts,
                                     .site_name = site_name})} {}

    SystemClock clock;
    SystemRandom random;
    KeyRings keys;
    Stores stores;
    crypto::PasswordHasher hasher;
    users::ContextWords context_words;
    sessions::Tokens tokens;
    devices::DeviceKeys device_keys;
    sessions::ProgramKey notifier_key;
    sessions::ProgramKey proxy_key;
    limits::Limiter limiter;
    images::ImagerClient decoder;
    store::AvatarFiles avatar_files;
    limits::LimitedPlaces imager_places;
    http::ReturnHosts return_hosts;
    handlers::cookies::Policy cookies;
    DatabaseReadiness readiness;
    std::string site_name;
    RequestParts parts;
    RequestServices assembled;
    handlers::Services services;
};

App::App(const Config& config, handlers::Pool pool, Shared& shared, const Log& log,
         handlers::Streams* streams)
    : pool_{pool},
      log_{log},
      news_{shared.news},
      hash_turns_{shared.hash_turns},
      database_outage_{shared.outages.database()},
      parts_{std::make_unique<Parts>(config, pool, shared, log, streams)} {}

App::~App() = default;

http::Response App::handle(const http::Request& request) {
    const auto began = std::chrono::steady_clock::now();
    if (pool_ != handlers::Pool::hash) hash_turns_.note_other_request();
    parts_->keys.follow(log_);
    handlers::Answer answered = answer(request);
    if (parts_->stores.events.take_news()) news_.ring();
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - began;
    server::log_request(log_,
                        {.id = request.id,
                         .method = request.method,
                         .route = answered.route,
                         .took = took,
                         .ip = request.remote_ip,
                         .user = answered.user},
                        answered.response);
    return std::move(answered.response);
}

handlers::Answer App::answer(const http::Request& request) {
    const Error unavailable{.code = ErrorCode::service_unavailable, .retry_after = kRetryWhenUnavailable};
    try {
        return handlers::dispatch(parts_->services, request, pool_);
    } catch (const Away& e) {
        database_outage_.failed(log_, parts_->clock.uptime(), e.what());
        return {handlers::refusal(request, unavailable)};
    } catch (const Unavailable& e) {
        log_.error("unavailable", {{"request_id", request.id}, {"what", e.what()}});
        return {handlers::refusal(request, unavailable)};
    } catch (const std::exception& e) {
        log_.error("breakdown", {{"request_id", request.id}, {"what", e.what()}});
        return {handlers::refusal(request, {.code = ErrorCode::internal_error})};
    }
}

int run_app(Config config, handlers::Pool pool, Shared& shared, server::Process& process) {
    if (pool == handlers::Pool::edge) {
        auto& database = config.database;
        database.connect_timeout = std::min(database.connect_timeout, kLongestEdgeQuery);
        database.query_timeout = std::min(database.query_timeout, kLongestEdgeQuery);
    }
    App app{config, pool, shared, process.log};
    server::WorkerPolicy policy{
        .request_deadline = config.server.request_deadline,
        .max_requests = config.server.max_requests,
        .peers = {},
        .refuse = [&log = process.log](const http::Request& known, const Error& error) {
            auto response = handlers::refusal(known, error);
            server::log_request(log, {.id = known.id, .method = known.method, .ip = known.remote_ip},
                                response);
            return response;
        }};
    if (const auto nginx = server::uid_of(config.server.nginx_user)) policy.peers.push_back(*nginx);
    if (pool == handlers::Pool::hash) crypto::keep_hash_memory(config.passwords.memory_kib);
    return server::run_worker(process, policy,
                              [&](const http::Request& request) { return app.handle(request); });
}

}  // namespace csauth
