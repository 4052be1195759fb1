#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "handlers/routes.h"

namespace csauth::handlers {

/// The response to a request, and what the log says about it.
struct Answer {
    http::Response response;
    std::string_view route = "none";  ///< the path of the route, or "none"; never the request's own path
    std::string user = {};            ///< the caller's ID; empty if unknown, and for visitors
};

/// Returns the refusal of this request in the form of its route (Refusals), which depends on the path alone.
/// On a path of the Django service, a client that asks for plain JSON gets http::drf_problem().
http::Response refusal(const http::Request& request, const Error& error);

/// Counts a request against `limit`, by the client's address and, for some limits, also by the caller. Then
/// runs `act` and returns its result. If the limit is for guesses, a success is not counted.
///
/// `too_many_requests`: the limit is used up, and `act` was not run.
Result<http::Response> counted(Limit limit, Services& services, const Call& call,
                               const std::function<Result<http::Response>()>& act);

/// Finds the route of a request, checks what the route demands, and calls its handler. `pool` is that of this
/// process. Every Error becomes a refusal(); exceptions pass through. A worker calls it for one request at a
/// time.
Answer dispatch(Services& services, const http::Request& request, Pool pool);

}  // namespace csauth::handlers
