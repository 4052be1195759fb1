#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <vector>

#include "base/outage.h"
#include "http/message.h"
#include "http/problem.h"
#include "server/process.h"

namespace csauth::server {

struct WorkerPolicy {
    std::chrono::seconds request_deadline;  ///< after this the master kills the worker
    unsigned max_requests;                  ///< after about this many the worker leaves and is replaced
    std::vector<uid_t> peers;               ///< who may connect, besides root and ourselves
    /// Answers a request that can't be read, of which id, method, path and caller are known.
    std::function<http::Response(const http::Request&, const Error&)> refuse =
        [](const http::Request& request, const Error& error) { return http::problem(error, request.id); };
};

using Serve = std::function<http::Response(const http::Request&)>;

/// Serves the role's socket, one request at a time, until the master wants it to leave. An exception of
/// `serve` ends the process: it should have none left.
int run_worker(Process& process, const WorkerPolicy& policy, const Serve& serve);

/// Connections of processes that may not connect, for the log. One that may connect does not end it, since
/// both can happen at once.
inline constexpr Outage::Rules kPeersOutage{
    .begun = "peer_refused", .ended = "peers_accepted_again", .settled = std::chrono::minutes{2}};
inline constexpr std::string_view kPeerRefused =
    "only root, the user of csauthd and server.nginx_user may connect";

/// Whether who has connected is root, ourselves, or one of `peers`.
bool may_connect(int connection, const std::vector<uid_t>& peers);

/// The id of a user of this machine; nothing when there is no such user.
std::optional<uid_t> uid_of(const std::string& user);

}  // namespace csauth::server
