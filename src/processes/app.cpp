#include "app.h"

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include "accounts/avatar.h"
#include "accounts/bans.h"
#include "accounts/deletion.h"
#include "accounts/email_change.h"
#include "accounts/erasure.h"
#include "accounts/mail_link.h"
#include "accounts/password_change.h"
#include "accounts/password_reset.h"
#include "accounts/personal_data.h"
#include "accounts/profile.h"
#include "accounts/profile_update.h"
#include "accounts/registration.h"
#include "accounts/user_administration.h"
#include "accounts/user_creation.h"
#include "accounts/verification.h"
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
#include "roles/hierarchy.h"
#include "roles/role_administration.h"
#include "server/fcgi.h"
#include "server/request_log.h"
#include "server/worker.h"
#include "sessions/authentication.h"
#include "sessions/device_list.h"
#include "sessions/failure_log.h"
#include "sessions/gate.h"
#include "sessions/program_key.h"
#include "sessions/refresh.h"
#include "sessions/session_list.h"
#include "sessions/sign_out.h"
#include "store/avatar_files.h"
#include "stores.h"

namespace csauth {
namespace {

using namespace std::chrono_literals;

constexpr auto kRetryWhenUnavailable = 2s;
constexpr auto kPatienceForDecoder = 15s;  // other pictures may be decoded first
static_assert(server::kLongestBody >= images::kLongestUpload + json::Limits{}.bytes);

// Who waits behind a check that asks a slow database waits on the same worker.
constexpr std::chrono::seconds kLongestEdgeQuery{1};

/// Asks the database, whose every connection has had its schema looked at.
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

/// Only api workers answer notifiers. The key of another pool is not set, and matches nobody.
sessions::ProgramKey notifier_key_for(const Config& config, handlers::Pool pool) {
    if (pool != handlers::Pool::api) return sessions::ProgramKey{Secret{}};
    return sessions::ProgramKey{read_secret_file(config.push.key_file, process_environment())};
}
sessions::ProgramKey proxy_key_for(const Config& config, handlers::Pool pool) {
    if (pool != handlers::Pool::edge) return sessions::ProgramKey{Secret{}};
    return sessions::ProgramKey{read_secret_file(config.server.proxy_key_file, process_environment())};
}

/// Strict refreshing answers no token twice, so it leaves `compatible` nothing to keep.
sessions::Rotation rotation_of(const Config& config) {
    using sessions::Rotation;
    if (config.tokens.rotation == "off") return Rotation::off;
    if (config.tokens.rotation == "on" || config.tokens.strict_refresh) return Rotation::on;
    return Rotation::compatible;
}

/// Returns the places of a pool's workers that wait for the imager. Few hash workers exist, and people who
/// sign in wait for them, so that pool has one place of its own.
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
          session_opener{stores.sessions,
                         stores.devices,
                         stores.roles,
                         stores.outbox,
                         stores.audit,
                         tokens,
                         config.tokens.session_lifetime,
                         clock,
                         random},
          failures{stores.audit, shared.unwritten, limiter, clock},
          authentication{stores.users,   session_opener, stores.database, stores.audit, failures,
                         stores.devices, device_keys,    hasher,          limiter,      clock},
          hierarchy{stores.roles, stores.users, stores.database, clock},
          role_administration{hierarchy, stores.roles, stores.audit, clock},
          verification_mail{
              stores.one_time_tokens, stores.outbox, stores.mail_requests, keys.seal, clock, random},
          verification{stores.one_time_tokens, stores.users, authentication, stores.audit,
                       stores.database,        keys.seal,    clock},
          mail_links{stores.one_time_tokens, stores.users, clock},
          registration{stores.users,    stores.roles, verification_mail, session_opener, stores.mail_requests,
                       stores.database, hasher,       context_words,     clock,          random},
          password_change{stores.users, stores.sessions, stores.devices, authentication, stores.outbox,
                          stores.audit, stores.database, hasher,         context_words,  clock},
          password_reset{stores.one_time_tokens, stores.users, stores.sessions, stores.devices,
                         stores.outbox,          stores.audit, stores.database, hasher,
                         context_words,          clock},
          reset_mail{stores.one_time_tokens, stores.outbox, clock, random},
          email_change{stores.one_time_tokens,
                       stores.users,
                       stores.roles,
                       stores.reservations,
                       stores.sessions,
                       stores.devices,
                       authentication,
                       reset_mail,
                       stores.outbox,
                       stores.mail_requests,
                       stores.audit,
                       stores.database,
                       clock,
                       random},
          profile{stores.users, stores.reservations, stores.audit, stores.database, clock},
          decoder{config.server.run_dir + "/imager.sock", kPatienceForDecoder},
          avatar_files{config.avatars.dir, log},
          imager_places{imager_places_for(config, pool, shared)},
          avatars{stores.users, decoder, imager_places, avatar_files, stores.audit, stores.database, clock},
          profile_update{stores.users, profile, avatars, password_change, stores.database, clock},
          erasure{stores.users,         stores.reservations, stores.outbox,
                  stores.mail_requests, stores.audit,        clock},
          deletion{stores.one_time_tokens, authentication, erasure, hierarchy, clock},
          bans{hierarchy, stores.users, stores.sessions, stores.devices, stores.outbox, stores.audit, clock},
          user_administration{
              hierarchy, stores.users, stores.sessions, stores.devices,    stores.one_time_tokens,
              profile,   erasure,      reset_mail,      verification_mail, stores.audit,
              clock},
          user_creation{hierarchy,
                        role_administration,
                        stores.roles,
                        stores.users,
                        stores.one_time_tokens,
                        stores.outbox,
                        stores.mail_requests,
                        stores.audit,
                        hasher,
                        context_words,
                        clock,
                        random},
          personal_data{stores.users,           stores.roles,  stores.sessions, stores.devices,
                        stores.one_time_tokens, stores.outbox, stores.audit,    clock},
          gate{tokens,
               stores.sessions,
               stores.roles,
               shared.board,
               shared.activity,
               shared.presence,
               config.tokens.on_stale == "allow" ? sessions::OnStale::allow : sessions::OnStale::refuse,
               clock,
               log,
               shared.outages.checks()},
          refresh{tokens,
                  stores.sessions,
                  shared.activity,
                  stores.devices,
                  stores.users,
                  stores.roles,
                  stores.outbox,
                  stores.audit,
                  stores.database,
                  {.parents = config.tokens.strict_refresh ? sessions::ParentTokens::refused
                                                           : sessions::ParentTokens::answered,
                   .unverified_audiences = split_written_list(config.tokens.unverified_audiences)},
                  clock},
          sign_out{tokens,       stores.sessions, stores.devices, stores.users,
                   stores.audit, stores.database, clock},
          session_list{stores.sessions, stores.devices,  shared.activity,
                       stores.audit,    stores.database, clock},
          device_list{stores.sessions, stores.devices, stores.audit, stores.database, clock},
          who_is_online{stores.presences, shared.presence, clock},
          return_hosts{http::return_hosts(config.site.url, config.site.return_hosts)},
          cookies{.origin = return_hosts.scheme + "://" + return_hosts.hosts.front(),
                  .domain = config.site.cookie_domain,
                  .lifetime = config.tokens.idle_lifetime,
                  .trusted_origins = config.site.cors_credentials
                                         ? split_written_list(config.site.cors_origins)
                                         : std::vector<std::string>{}},
          readiness{stores.database, shared.outages.database(), clock, log},
          services{.registration = registration,
                   .verification = verification,
                   .mail_links = mail_links,
                   .password_change = password_change,
                   .password_reset = password_reset,
                   .email_change = email_change,
                   .profile = profile,
                   .profile_update = profile_update,
                   .avatars = avatars,
                   .deletion = deletion,
                   .personal_data = personal_data,
                   .user_administration = user_administration,
                   .user_creation = user_creation,
                   .bans = bans,
                   .role_administration = role_administration,
                   .authentication = authentication,
                   .gate = gate,
                   .refresh = refresh,
                   .sign_out = sign_out,
                   .session_list = session_list,
                   .device_list = device_list,
                   .failures = failures,
                   .tokens = tokens,
                   .device_keys = device_keys,
                   .notifier_key = notifier_key,
                   .proxy_key = proxy_key,
                   .devices = stores.devices,
                   .mail_requests = stores.mail_requests,
                   .users = stores.users,
                   .directory = stores.directory,
                   .roles = stores.roles,
                   .audit = stores.audit,
                   .readiness = readiness,
                   .board = shared.board,
                   .presence = shared.presence,
                   .who_is_online = who_is_online,
                   .streams = streams,
                   .cookies = cookies,
                   .return_hosts = return_hosts,
                   .site_name = config.site.name,
                   .limiter = limiter,
                   .clock = clock} {}

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
    sessions::SessionOpener session_opener;
    sessions::FailureLog failures;
    sessions::Authentication authentication;
    roles::Hierarchy hierarchy;
    roles::RoleAdministration role_administration;
    accounts::VerificationMail verification_mail;
    accounts::Verification verification;
    accounts::MailLinks mail_links;
    accounts::Registration registration;
    accounts::PasswordChange password_change;
    accounts::PasswordReset password_reset;
    accounts::ResetMail reset_mail;
    accounts::EmailChange email_change;
    accounts::Profile profile;
    images::ImagerClient decoder;
    store::AvatarFiles avatar_files;
    limits::LimitedPlaces imager_places;
    accounts::Avatars avatars;
    accounts::ProfileUpdate profile_update;
    accounts::Erasure erasure;
    accounts::Deletion deletion;
    accounts::Bans bans;
    accounts::UserAdministration user_administration;
    accounts::UserCreation user_creation;
    accounts::PersonalDataExport personal_data;
    sessions::Gate gate;
    sessions::Refresh refresh;
    sessions::SignOut sign_out;
    sessions::SessionList session_list;
    sessions::DeviceList device_list;
    presence::WhoIsOnline who_is_online;
    http::ReturnHosts return_hosts;
    handlers::cookies::Policy cookies;
    DatabaseReadiness readiness;
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
