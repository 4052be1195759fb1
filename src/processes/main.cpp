#include <fcntl.h>
#include <getopt.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
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
#include "config_rules.h"
#include "db/migrations.h"
#include "follower.h"
#include "image_process.h"
#include "keeper.h"
#include "mail_composer.h"
#include "mailer.h"
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
  csauthd [--config FILE] -t   check the configuration and the database, and do nothing else
  csauthd --version

FILE is /etc/csauth/csauth.ini unless CSAUTH_CONFIG names another. CSAUTH_<SECTION>_<KEY> in the
environment overrides a key. SIGHUP reloads, SIGUSR1 reopens the log file.

-t as root checks with the rights of the owner of keys.dir. It ends with 0 if all is good, with 69 if its
only complaint is that no connection to the database can be opened, and with 78 for every other fault.
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

/// What is wrong with the key rings and the secret files. Every process can then rely on those that it loads.
std::vector<ConfigProblem> check_secrets(const Config& config) {
    constexpr std::string_view between = ": ";
    const auto findings = found_by_child([&] {
        std::vector<Finding> found;
        const auto note = [&](const std::vector<ConfigProblem>& problems) {
            for (const auto& problem : problems)
                found.push_back({Finding::Kind::problem,
                                 std::string{problem.where}.append(between).append(problem.text)});
        };
        if (const auto keys = load_key_rings(config, kAllRings); !keys) note(keys.error());
        note(faults_of_secrets(config, process_environment()));
        return found;
    });
    std::vector<ConfigProblem> problems;
    problems.reserve(findings.size());
    for (const auto& finding : findings) {
        const auto at = finding.text.find(between);
        problems.push_back({finding.text.substr(0, at), finding.text.substr(at + between.size())});
    }
    return problems;
}

/// The configuration with everything it names looked at; or all that is wrong with it.
Result<Config, std::vector<ConfigProblem>> load_everything(const std::string& file) {
    Config config;
    auto problems = read_config(file, process_environment(), csauth_variables(), config);
    const auto secrets = check_secrets(config);
    problems.insert(problems.end(), secrets.begin(), secrets.end());
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
                  {.name = "mailer",
                   .run = [config, &shared](Process& p) { return run_mailer(config, shared.outages, p); }},
                  {.name = "keeper",
                   .run = [config, &shared](Process& p) { return run_keeper(config, shared, p); }},
                  {.name = "follower",
                   .run = [config, &shared](Process& p) { return run_follower(config, shared, p); }}},
        .drain_timeout = config.server.drain_timeout};
}

void print(const std::vector<ConfigProblem>& problems) {
    for (const auto& problem : problems)
        std::cerr << "csauthd: " << problem.where << ": " << problem.text << '\n';
}

/// Looks at the schema as one account of the database sees it, and at the rights of that account. A database
/// that is away is a remark.
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
    } catch (const db::Failure& e) {
        return {
            {Kind::problem, "the database refuses " + user + ": " + e.what() + ": run csauthctl migrate"}};
    } catch (const std::exception& e) {
        return {{Kind::remark, e.what()}};
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

/// Whether csauthctl migrate can connect. The service itself needs no such account.
std::vector<Finding> look_as_migrator(const Config& config) {
    if (config.database.migrate_user.empty()) return {};
    try {
        auto address = migration_address(config);
        address.query_timeout = config.database.query_timeout;
        db::Database database{std::move(address)};
        database.execute_text("DO 0");
        return {};
    } catch (const std::exception& e) {
        return {{Finding::Kind::warning, std::string{"csauthctl migrate can't work: "} + e.what()}};
    }
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
        std::cerr << "csauthd: " << finding.text
                  << (finding.kind == Finding::Kind::remark ? "; starting all the same" : "") << std::endl;
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
void warn_of_what_needs_a_restart(const Config& old, const Config& updated, const Log& log) {
    const auto warn = [&](bool changed, const char* key) {
        if (changed) log.warning("needs_a_restart", {{"key", key}});
    };
    warn(old.server.run_dir != updated.server.run_dir, "server.run_dir");
    warn(old.server.socket_group != updated.server.socket_group, "server.socket_group");
    warn(old.server.edge_backlog != updated.server.edge_backlog, "server.edge_backlog");
    warn(old.server.api_backlog != updated.server.api_backlog, "server.api_backlog");
    warn(old.server.streams != updated.server.streams, "server.streams");
    warn(old.server.hash_backlog != updated.server.hash_backlog, "server.hash_backlog");
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

/// The user whose service this is, by the owner of its keys; nullopt where that is root, or can't be told.
std::optional<std::string> service_user(const Config& config) {
    for (const auto& path : {config.keys.dir, config.server.run_dir}) {
        struct stat status {};
        if (::stat(path.c_str(), &status) != 0 || status.st_uid == 0) continue;
        if (const passwd* entry = ::getpwuid(status.st_uid)) return entry->pw_name;
    }
    return std::nullopt;
}

/// Gives the rights of root up for good, for those of `user`.
void become(const std::string& user) {
    const passwd* entry = ::getpwnam(user.c_str());
    if (entry == nullptr || ::initgroups(user.c_str(), entry->pw_gid) != 0 || ::setgid(entry->pw_gid) != 0 ||
        ::setuid(entry->pw_uid) != 0)
        throw std::system_error(errno, std::generic_category(), "becoming the user " + user);
}

/// Looks at the files and names of this machine that the service needs. What systemd makes at the start, such
/// as StateDirectory=, may be missing.
std::vector<ConfigProblem> check_machine(const Config& config) {
    std::vector<ConfigProblem> problems;
    const auto& server = config.server;
    if (!server.socket_group.empty() && ::getgrnam(server.socket_group.c_str()) == nullptr)
        problems.push_back({"server.socket_group",
                            "there is no group '" + server.socket_group + "': make it, or name another"});
    if (!server::identity_of(server.nginx_user))
        problems.push_back({"server.nginx_user", "there is no user '" + server.nginx_user +
                                                     "': set it to the user of nginx' workers"});
    const auto writable = [&](const char* key, const std::string& path, bool is_directory) {
        struct stat status {};
        if (::stat(path.c_str(), &status) != 0) {
            if (errno != ENOENT)
                problems.push_back({key, path + ": " + std::generic_category().message(errno)});
        } else if (S_ISDIR(status.st_mode) != is_directory) {
            problems.push_back({key, path + (is_directory ? " is no directory" : " is a directory") +
                                         ": name another path"});
        } else if (::access(path.c_str(), W_OK) != 0) {
            problems.push_back({key, path + " can't be written to: give it to the user of csauthd"});
        }
    };
    writable("server.run_dir", server.run_dir, true);
    writable("avatars.dir", config.avatars.dir, true);
    if (!config.log.file.empty()) writable("log.file", config.log.file, false);
    return problems;
}

/// csauthd -t: says all that keeps the service from working. Returns the exit status.
int check(const std::string& file) {
    if (::geteuid() == 0) {
        Config config;
        (void)read_config(file, process_environment(), csauth_variables(), config);
        if (const auto user = service_user(config)) {
            std::cerr << "csauthd: checking with the rights of " << *user << ", who owns the keys\n";
            become(*user);
        }
    }
    auto config = load_everything(file);
    if (config)
        if (auto problems = check_machine(*config); !problems.empty()) config = std::move(problems);
    if (!config) {
        print(config.error());
        return kConfig;
    }
    const auto warn = [](const std::string& text) { std::cerr << "csauthd: warning: " << text << '\n'; };
    for (const auto& doubt : doubts(*config))
        warn(doubt.where + ": " + doubt.text);
    if (const auto problem = raise_descriptors(*config)) warn(*problem);
    for (const auto& reason : why_nginx_is_locked_out(*config, paths_for_nginx(*config, {})))
        warn(reason);

    int status = 0;
    const auto look = [&] {
        auto found = look_at_database(*config);
        const bool is_away = !found.empty() && found.back().kind == Finding::Kind::remark;
        const auto of_migrator = is_away ? std::vector<Finding>{} : look_as_migrator(*config);
        found.insert(found.end(), of_migrator.begin(), of_migrator.end());
        return found;
    };
    for (const auto& finding : found_by_child(look)) {
        if (finding.kind == Finding::Kind::warning) {
            warn(finding.text);
            continue;
        }
        std::cerr << "csauthd: " << finding.text << '\n';
        if (status != kConfig) status = finding.kind == Finding::Kind::problem ? kConfig : kUnavailable;
    }
    if (status == 0)
        std::cout << "csauthd: the configuration " << file << " is good\n";
    else if (status == kUnavailable)
        std::cerr << "csauthd: " << file
                  << " has no other fault, but no connection to the database can be opened\n";
    return status;
}

int run(const Options& options) {
    const std::string file = config_file(options.config, process_environment());
    if (options.check_only) return check(file);
    const auto config = load_everything(file);
    if (!config) {
        print(config.error());
        return kConfig;
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
        const auto updated = load_everything(file);
        if (updated) {
            log.configure(updated->log.file, updated->log.level);
            warn_of_what_needs_a_restart(*config, *updated, log);
            warn_of_sockets(*updated);
            shared.board.keep_for(recall_lifetime(*updated));
            return plan_for(*updated, shared);
        }
        for (const auto& problem : updated.error())
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
