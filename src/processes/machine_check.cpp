#include "machine_check.h"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "server/reachability.h"

namespace csauth {

std::vector<std::string> paths_for_nginx(const Config& config, const server::Listeners& listeners) {
    std::vector<std::string> paths;
    for (const char* name : {"edge", "api", "hash", "stream"}) {
        const auto open = listeners.find(name);
        paths.push_back(open == listeners.end() ? config.server.run_dir + "/" + name + ".sock"
                                                : server::path_of_socket(open->second.fd.get()));
    }
    return paths;
}

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

std::optional<std::string> service_user(const Config& config) {
    for (const auto& path : {config.keys.dir, config.server.run_dir}) {
        struct stat status {};
        if (::stat(path.c_str(), &status) != 0 || status.st_uid == 0) continue;
        if (const passwd* entry = ::getpwuid(status.st_uid)) return entry->pw_name;
    }
    return std::nullopt;
}

void become(const std::string& user) {
    const passwd* entry = ::getpwnam(user.c_str());
    if (entry == nullptr || ::initgroups(user.c_str(), entry->pw_gid) != 0 || ::setgid(entry->pw_gid) != 0 ||
        ::setuid(entry->pw_uid) != 0)
        throw std::system_error(errno, std::generic_category(), "becoming the user " + user);
}

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

}  // namespace csauth
