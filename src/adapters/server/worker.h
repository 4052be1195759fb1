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

/// The limits of a worker, and whose connections it accepts.
struct WorkerPolicy {
    std::chrono::seconds request_deadline;  ///< for one request; then the master kills the worker
    unsigned max_requests;                  ///< the worker leaves after this many, or up to a tenth more
    std::vector<uid_t> peers;               ///< users that may connect, besides root and our own
    /// Answers a request that can't be read. Only its id, method, path and client address are known.
    std::function<http::Response(const http::Request&, const Error&)> refuse =
        [](const http::Request& request, const Error& error) { return http::problem(error, request.id); };
};

/// Answers a request.
using Serve = std::function<http::Response(const http::Request&)>;

/// Runs a worker: serves the socket of its role, one request at a time. Returns 0 when the lifeline closes,
/// on SIGTERM, or after `max_requests`. In the first two cases it first serves the connections that are
/// waiting; it accepts them for at most 5 seconds.
///
/// An exception from `serve` leaves this function and ends the process, so `serve` should not throw. Throws
/// std::system_error if epoll fails.
int run_worker(Process& process, const WorkerPolicy& policy, const Serve& serve);

/// Log rules for connections from processes that may not connect. An allowed connection does not end the
/// outage at once, because both kinds can arrive at the same time.
inline constexpr Outage::Rules kPeersOutage{
    .begun = "peer_refused", .ended = "peers_accepted_again", .settled = std::chrono::minutes{2}};

/// The reason in the log for a refused connection.
inline constexpr std::string_view kPeerRefused =
    "only root, the user of csauthd and server.nginx_user may connect";

/// Returns true if the peer of this Unix socket runs as root, as our own user, or as one of `peers`. Returns
/// false if that can't be told.
bool may_connect(int connection, const std::vector<uid_t>& peers);

/// Returns the id of a user of this machine, or nullopt if there is no such user.
std::optional<uid_t> uid_of(const std::string& user);

}  // namespace csauth::server
