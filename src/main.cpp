#include <fcntl.h>
#include <getopt.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <functional>
#include <iostream>
#include <set>
#include <string_view>
#include <system_error>
#include <thread>
#include <vector>

#include "app.h"
#include "base/unique_fd.h"
#include "config.h"
#include "db/migrations.h"
#include "follower.h"
#include "imager.h"
#include "keeper.h"
#include "mailer.h"
#include "mailing.h"
#include "server/listeners.h"
#include "server/master.h"
#include "server/reachability.h"
#include "server/signals.h"
#include "store/grants.h"
#include "stores.h"
#include "streaming.h"
#include "version.h"

namespace csauth {
namespace {

// sysexits.h
constexpr int kUsage = 64;
constexpr int kUnavailable = 69;
constexpr int kSoftware = 70;
constexpr int kConfig = 78;

constexpr int kHashNiceness = 10;
constexpr int kImagerBacklog = limits::SharedPlaces::kMost;  // the places limit how many workers wait

constexpr const char* kHelp = R"(csauthd - the accounts service

  csauthd [--config FILE]      run until SIGTERM
  csauthd [--config FILE] -t   check the configuration, and do nothing else
  csauthd --version

FILE is /etc/csauth/csauth.ini unless CSAUTH_CONFIG names another. CSAUTH_<SECTION>_<KEY> in the
environment overrides a key. SIGHUP reloads, SIGUSR1 reopens the log file.
)";

struct Options {
    std::optional<std::string> config;
    bool check_only = false;
};

/// What a child of the master found.
struct Finding {
    enum class Kind : char { problem = 'p', warning = 'w', remark = 'r' };
    Kind kind;
    std::string text;
};

/// Runs `look` in a child and returns what it found. The master itself opens no database and reads no key, so
/// its memory, which every process inherits, holds no secret. Throws when the child did not get to its end.
std::vector<Finding> found_by_child(const std::function<std::vector<Finding>()>& look) {
    const auto fail = [](const char* what) { throw std::system_error(errno, std::generic_category(), what); };
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) fail("pipe");
    const UniqueFd reads{pipe[0]};
    UniqueFd writes{pipe[1]};
    const pid_t pid = ::fork();
    if (pid < 0) fail("fork");
    if (pid == 0) {
        int status = kSoftware;
        try {
            std::string all;
            for (const auto& finding : look())
                all.append(1, static_cast<char>(finding.kind)).append(finding.text).append(1, '\0');
            // A pipe may take less than everything at once.
            for (std::string_view rest = all; !rest.empty();) {
                const auto put = ::write(writes.get(), rest.data(), rest.size());
                if (put < 0 && errno != EINTR) ::_exit(status);
                if (put > 0) rest.remove_prefix(static_cast<std::size_t>(put));
            }
            status = 0;
        } catch (const std::exception& e) {
            std::cerr << "csauthd: " << e.what() << std::endl;
        }
        ::_exit(status);
    }
    writes.reset();
    std::string all;
    std::array<char, 4096> part;
    for (ssize_t got = 0; (got = ::read(reads.get(), part.data(), part.size())) != 0;) {
        if (got < 0 && errno != EINTR) fail("reading from a child");
        if (got > 0) all.append(part.data(), static_cast<std::size_t>(got));
    }
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0)
        if (errno != EINTR) fail("waiting for a child");
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        throw std::runtime_error("the process that checks keys and database has failed");
    std::vector<Finding> findings;
    for (std::size_t at = 0; at < all.size();) {
        const auto end = all.find('\0', at);
        findings.push_back({static_cast<Finding::Kind>(all[at]), all.substr(at + 1, end - at - 1)});
        at = end + 1;
    }
    return findings;
}

/// What is wrong with the key rings. Every process can then rely on those that it loads.
std::vector<ConfigProblem> check_keys(const Config& config) {
    std::vector<ConfigProblem> problems;
    const auto findings = found_by_child([&] {
        std::vector<Finding> found;
        if (const auto keys = load_key_rings(config, kAllRings); !keys)
            for (const auto& problem : keys.error())
                found.push_back({Finding::Kind::problem, problem.text});
        return found;
    });
    problems.reserve(findings.size());
    for (const auto& finding : findings)
        problems.push_back({"keys.dir", finding.text});
    return problems;
}

/// The configuration with everything it names looked at; or all that is wrong with it.
Result<Config, std::vector<ConfigProblem>> load_everything(const std::string& file) {
    Config config;
    auto problems = read_config(file, process_environment(), csauth_variables(), config);
    const auto keys = check_keys(config);
    problems.insert(problems.end(), keys.begin(), keys.end());
    try {
        check_mail(config);
    } catch (const std::exception& e) {
        problems.push_back({"mail", e.what()});
    }
    if (!problems.empty()) return problems;
    return config;
}

unsigned cores() { return std::max(1U, std::thread::hardware_concurrency()); }

server::Plan plan_for(const Config& config, Shared& shared) {
    const unsigned hash_workers = config.server.hash_workers == 0 ? cores() : config.server.hash_workers;
    using server::Process;
    const auto workers = [&](handlers::Pool pool) {
        return [config, &shared, pool](Process& p) { return run_app(config, pool, shared, p); };
    };
    return {
        .roles = {{.name = "edge",
                   .count = config.server.edge_workers,
                   .listener = "edge",
                   .run = workers(handlers::Pool::edge)},
                  {.name = "api",
                   .count = config.server.api_workers,
                   .listener = "api",
                   .run = workers(handlers::Pool::api)},
                  {.name = "hash",
                   .count = hash_workers,
                   .niceness = kHashNiceness,
                   .listener = "hash",
                   .run = workers(handlers::Pool::hash)},
                  {.name = "stream",
                   .listener = "stream",
                   .run = [config, &shared](Process& p) { return run_streaming(config, shared, p); }},
                  {.name = "imager",
                   .niceness = kHashNiceness,
                   .listener = "imager",
                   .run = [&shared](Process& p) { return run_imager(shared, p); }},
                  {.name = "mailer", .run = [config](Process& p) { return run_mailer(config, p); }},
                  {.name = "keeper",
                   .run = [config, &shared](Process& p) { return run_keeper(config, shared, p); }},
                  {.name = "follower",
                   .run = [config, &shared](Process& p) { return run_follower(config, shared.board, p); }}},
        .drain_timeout = config.server.drain_timeout};
}

void print(const std::vector<ConfigProblem>& problems) {
    for (const auto& problem : problems)
        std::cerr << "csauthd: " << problem.where << ": " << problem.text << '\n';
}

/// Looks at the schema as one account of the database sees it, and at the rights of that account.
std::vector<Finding> look_as(db::Address address, store::Account account) {
    using Kind = Finding::Kind;
    const std::string user = address.user;
    try {
        db::Database database{std::move(address)};
        db::require_schema(database, db::all_migrations());
        if (const auto lacking = store::lacking_rights(database, account); !lacking.empty())
            return {{Kind::problem, "the database account " + user + " may not " + lacking.front() +
                                        ": run csauthctl migrate"}};
        if (account == store::Account::service_and_keeper)
            return {{Kind::warning, "the database account " + user +
                                        " may change the audit log: make an account for the keeper, set "
                                        "database.keeper_user, and run csauthctl migrate"}};
        if (account == store::Account::service && store::may_change_audit_log(database))
            return {
                {Kind::warning, "the database account " + user +
                                    " may change the audit log: run csauthctl grants as the administrator of "
                                    "the database, and look for other rights of this account"}};
        return {};
    } catch (const db::WrongSchema& e) {
        return {{Kind::problem, e.what()}};
    } catch (const std::exception& e) {
        return {{Kind::remark, "as " + user + ": " + e.what() + "; starting all the same"}};
    }
}

/// Looks at the database with the accounts of the service and of the keeper. A database that is away is no
/// reason not to start: the workers wait for it.
std::vector<Finding> look_at_database(const Config& config) {
    if (config.database.keeper_user.empty())
        return look_as(service_address(config), store::Account::service_and_keeper);
    auto found = look_as(service_address(config), store::Account::service);
    if (!found.empty() && found.front().kind != Finding::Kind::warning) return found;
    const auto of_keeper = look_as(keeper_address(config), store::Account::keeper);
    found.insert(found.end(), of_keeper.begin(), of_keeper.end());
    return found;
}

/// Whether csauthd may start on this database. Says why not, and writes what an administrator should know.
bool database_is_good(const Config& config, const Log& log) {
    bool is_good = true;
    for (const auto& finding : found_by_child([&] { return look_at_database(config); })) {
        if (finding.kind == Finding::Kind::warning) {
            log.warning("audit_log_unprotected", {{"what", finding.text}});
            continue;
        }
        is_good = is_good && finding.kind != Finding::Kind::problem;
        std::cerr << "csauthd: " << finding.text << std::endl;
    }
    return is_good;
}

/// Passwords and keys are in memory: neither a core file nor a debugger of the same user may have them.
void protect_memory() {
#ifndef __SANITIZE_ADDRESS__  // whose leak check is a debugger
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    ::prctl(PR_SET_DUMPABLE, 0);
#endif
}

/// The sockets are the master's, for as long as it lives.
void warn_of_what_needs_a_restart(const Config& old, const Config& fresh, const Log& log) {
    const auto warn = [&](bool changed, const char* key) {
        if (changed) log.warning("needs_a_restart", {{"key", key}});
    };
    warn(old.server.run_dir != fresh.server.run_dir, "server.run_dir");
    warn(old.server.socket_group != fresh.server.socket_group, "server.socket_group");
    warn(old.server.edge_backlog != fresh.server.edge_backlog, "server.edge_backlog");
    warn(old.server.api_backlog != fresh.server.api_backlog, "server.api_backlog");
    warn(old.server.streams != fresh.server.streams, "server.streams");
    warn(old.server.hash_backlog != fresh.server.hash_backlog, "server.hash_backlog");
}

/// The paths of the sockets that nginx connects to: of those that are open, or where they will be if none is.
std::vector<std::string> paths_for_nginx(const Config& config, const server::Listeners& listeners) {
    std::vector<std::string> paths;
    for (const char* name : {"edge", "api", "hash", "stream"}) {
        const auto open = listeners.find(name);
        paths.push_back(open == listeners.end() ? config.server.run_dir + "/" + name + ".sock"
                                                : server::path_of_socket(open->second.fd.get()));
    }
    return paths;
}

/// Returns why nginx can't reach the sockets, each reason once; empty if it can.
std::set<std::string> why_nginx_is_locked_out(const Config& config, const std::vector<std::string>& paths) {
    const auto nginx = server::identity_of(config.server.nginx_user);
    if (!nginx)
        return {"there is no user " + config.server.nginx_user +
                ": set server.nginx_user to the user of nginx' workers"};
    std::set<std::string> reasons;
    for (const auto& path : paths)
        if (const auto reason = server::why_unreachable(path, *nginx)) reasons.insert(*reason);
    return reasons;
}

int run(const Options& options) {
    const std::string file = config_file(options.config, process_environment());
    const auto config = load_everything(file);
    if (!config) {
        print(config.error());
        return kConfig;
    }
    if (options.check_only) {
        if (const auto problem = raise_descriptors(*config)) std::cerr << "csauthd: " << *problem << '\n';
        for (const auto& reason : why_nginx_is_locked_out(*config, paths_for_nginx(*config, {})))
            std::cerr << "csauthd: warning: " << reason << '\n';
        std::cout << "csauthd: the configuration " << file << " is good\n";
        return 0;
    }

    protect_memory();
    server::block_signals();
    Log log{config->log.file, config->log.level};
    auto lock = server::lock_run_dir(config->server.run_dir);
    if (!database_is_good(*config, log)) return kConfig;
    auto listeners = server::open_listeners(config->server.run_dir, config->server.socket_group,
                                            {{"edge", static_cast<int>(config->server.edge_backlog)},
                                             {"api", static_cast<int>(config->server.api_backlog)},
                                             {"hash", static_cast<int>(config->server.hash_backlog)},
                                             {"stream", static_cast<int>(config->server.streams)},
                                             {"imager", kImagerBacklog}});
    const auto sockets = paths_for_nginx(*config, listeners);
    const auto warn_of_sockets = [&](const Config& current) {
        for (const auto& reason : why_nginx_is_locked_out(current, sockets))
            log.warning("socket_unreachable", {{"what", reason}});
    };
    warn_of_sockets(*config);
    if (const auto problem = raise_descriptors(*config)) log.warning("streams_limited", {{"what", *problem}});
    server::write_pid_file(config->server.run_dir);

    // Of the master, so that a reload forgets nothing.
    SystemRandom random;
    const SystemClock clock;
    Shared shared{random, clock, cores()};
    shared.board.keep_for(recall_lifetime(*config));
    const auto reload = [&]() -> std::optional<server::Plan> {
        const auto fresh = load_everything(file);
        if (fresh) {
            log.configure(fresh->log.file, fresh->log.level);
            warn_of_what_needs_a_restart(*config, *fresh, log);
            warn_of_sockets(*fresh);
            shared.board.keep_for(recall_lifetime(*fresh));
            return plan_for(*fresh, shared);
        }
        for (const auto& problem : fresh.error())
            log.error("config_problem", {{"where", problem.where}, {"text", problem.text}});
        return std::nullopt;
    };
    const int status =
        server::Master{plan_for(*config, shared), reload, std::move(listeners), std::move(lock), log}.run();
    server::remove_pid_file(config->server.run_dir);
    return status;
}

std::optional<int> parse(int argc, char** argv, Options& options) {
    static const std::array<option, 5> kLong{{{"config", required_argument, nullptr, 'c'},
                                              {"check-config", no_argument, nullptr, 't'},
                                              {"version", no_argument, nullptr, 'V'},
                                              {"help", no_argument, nullptr, 'h'},
                                              {nullptr, 0, nullptr, 0}}};
    for (int letter = 0; (letter = ::getopt_long(argc, argv, "c:tVh", kLong.data(), nullptr)) != -1;) {
        switch (letter) {
            case 'c': options.config = optarg; break;
            case 't': options.check_only = true; break;
            case 'V': std::cout << "csauthd " << kVersion << '\n'; return 0;
            case 'h': std::cout << kHelp; return 0;
            default: std::cerr << kHelp; return kUsage;
        }
    }
    if (optind == argc) return std::nullopt;
    std::cerr << kHelp;
    return kUsage;
}

}  // namespace
}  // namespace csauth

int main(int argc, char** argv) {
    csauth::Options options;
    if (const auto status = csauth::parse(argc, argv, options)) return *status;
    try {
        return csauth::run(options);
    } catch (const std::system_error& e) {
        std::cerr << "csauthd: " << e.what() << '\n';
        return csauth::kUnavailable;
    } catch (const std::exception& e) {
        std::cerr << "csauthd: " << e.what() << '\n';
        return csauth::kSoftware;
    }
}
