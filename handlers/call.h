#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/origin.h"
#include "base/result.h"
#include "handlers/services.h"
#include "http/message.h"
#include "presence/who_is_online.h"
#include "roles/authority.h"
#include "sessions/gate.h"
#include "users/user.h"

namespace csauth::handlers {

/// Where the caller's token came from: the Authorization header, the access cookie or the site cookie.
enum class Carrier { header, access_cookie, site_cookie };

/// One request, and what dispatch() knows of it when it calls the handler.
struct Call {
    const http::Request& request;
    std::vector<std::string> path_parameters;  ///< the parts of the path at the {…} of the route, in order
    std::optional<sessions::Caller> caller = {};    ///< set if the route's access admits users; see Access
    Carrier carrier = Carrier::header;              ///< valid if `caller` is set
    bool is_by_cookie = false;                      ///< a cookie named the caller, or was refused
    std::vector<std::string> refresh_cookies = {};  ///< Access::refresh_token: tokens to try, in this order
    std::optional<Error> refused_visitor = {};      ///< Access::forward_auth: why nobody is signed in

    /// Returns the client's address, the start of its User-Agent and the request ID, for sessions and the
    /// audit log.
    Origin origin() const;

    /// Returns parameter `n` of the path as an ID; the first is 0. Throws if the route has fewer parameters.
    /// `not_found`: the parameter is not an ID.
    template <class Id>
    Result<Id> id(std::size_t n = 0) const {
        if (const auto id = Id::parse(path_parameters.at(n))) return *id;
        return Error{.code = ErrorCode::not_found};
    }

    /// Returns the caller as the actor of a change to other users or to roles. Requires `caller`.
    roles::Actor actor() const { return roles::Actor::account(caller->holder.id); }

    /// Returns the token of "Authorization: Bearer …" (RFC 6750, section 2.1); empty if there is none. It
    /// points into the request.
    std::string_view bearer_token() const;
};

/// Returns the caller as a viewer of other users' presence. Callers with can_manage_users also see users that
/// hide theirs.
presence::Viewer viewer_of(const sessions::Caller& caller);

/// Returns the answer 200 with the caller's own account. Requires `call.caller`. The roles are those of the
/// caller's token, or newer.
http::Response shown(const Call& call, const users::User& user);

/// Answers one request. An Error becomes a refusal in the form of the route; see dispatch().
using Handler = Result<http::Response> (*)(Services&, const Call&);

}  // namespace csauth::handlers
