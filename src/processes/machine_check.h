#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "config.h"
#include "server/listeners.h"

namespace csauth {

/// Returns the paths of the sockets that nginx connects to: of open listeners, otherwise where they will be.
std::vector<std::string> paths_for_nginx(const Config& config, const server::Listeners& listeners);

/// Returns why nginx can't reach the sockets, each reason once; empty if it can.
std::set<std::string> why_nginx_is_locked_out(const Config& config, const std::vector<std::string>& paths);

/// Returns the user that runs the service, which is the owner of its keys; nullopt if that is root or
/// unknown.
std::optional<std::string> service_user(const Config& config);

/// Gives up the rights of root for those of `user`, permanently. Throws std::system_error on failure.
void become(const std::string& user);

/// Checks the users, groups, files and directories of this machine that the service needs. Directories that
/// do not exist are no problem, because systemd makes them at the start (StateDirectory=).
std::vector<ConfigProblem> check_machine(const Config& config);

}  // namespace csauth
