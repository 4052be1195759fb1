#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "handlers/routes.h"

namespace csauth::handlers {

/// What a request met: for the log.
struct Answer {
    http::Response response;
    std::string_view route = "none";  ///< the path of the route, never the request's own
    std::string user = {};            ///< id of the caller, where known
};

/// Returns the refusal of this request, in the form that the route of its path has. On a path that is given,
/// a client that asks for plain JSON gets http::drf_problem().
http::Response refusal(const http::Request& request, const Error& error);

/// Runs `act` as a request that `limit` counts, by the client's address and, where the limit says so, by the
/// caller. Returns what `act` returns, or `too_many_requests` without having run it.
Result<http::Response> counted(Limit limit, Services& services, const Call& call,
                               const std::function<Result<http::Response>()>& act);

/// Finds the route, checks what its line asks for, and calls its handler. Every Error becomes a refusal()
/// here. Exceptions pass through.
Answer dispatch(Services& services, const http::Request& request, Pool pool);

}  // namespace csauth::handlers
