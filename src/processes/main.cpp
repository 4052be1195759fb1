#include <getopt.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <array>
#include <exception>
#include <iostream>
#include <optional>
#include <string>
#include <system_error>

#include "app.h"
#include "base/exit_status.h"
#include "checked_config.h"
#include "config.h"
#include "config_rules.h"
#include "database_check.h"
#include "machine_check.h"
#include "plan.h"
#include "server/listeners.h"
#include "server/master.h"
#include "server/signals.h"
#include "streaming.h"
#include "version.h"

namespace csauth {
namespace {

using namespace exit_status;

constexpr int kImagerBacklog = limits::SharedPlaces::kMost;  // the places limit how many workers wait at once

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

/// Forbids core files and debuggers, because passwords and keys are in memory.
void protect_memory() {
#ifndef __SANITIZE_ADDRESS__  // its leak check works like a debugger
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    ::prctl(PR_SET_DUMPABLE, 0);
#endif
}

/// Writes a warning for each changed key that a reload can't apply. The master opens the sockets only once.
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

int run(const Options& options) {
    const std::string file = config_file(options.config, process_environment());
    if (options.check_only) return check_config(file);
    const auto config = load_checked_config(file);
    if (!config) {
        print(config.error());
        return kConfig;
    }
    protect_memory();
    server::block_signals();
    Log log{config->log.file, config->log.level};
    auto lock = server::lock_run_dir(config->server.run_dir);
    if (!is_database_good(*config, log)) return kConfig;
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

    // The master owns the shared memory, so a reload loses nothing.
    SystemRandom random;
    const SystemClock clock;
    Shared shared{random, clock, cores()};
    shared.board.keep_for(recall_lifetime(*config));
    const auto reload = [&]() -> std::optional<server::Plan> {
        const auto updated = load_checked_config(file);
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
