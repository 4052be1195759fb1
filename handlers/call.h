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

/// Where the caller's token came from.
enum class Carrier { header, access_cookie, site_cookie };

/// One request on its way through a handler.
struct Call {
    const http::Request& request;
    std::vector<std::string> path_parameters;     ///< the parts of the path at the {…} of the route's
    std::optional<sessions::Caller> caller = {};  ///< set where the route's access asks for one
    Carrier carrier = Carrier::header;
    bool is_by_cookie = false;                      ///< a cookie says who the caller is, or was refused
    std::vector<std::string> refresh_cookies = {};  ///< Access::refresh_token: tokens to try, in this order
    std::optional<Error> refused_visitor = {};      ///< Access::forward_auth: not signed in, and why

    Origin origin() const;

    /// Returns the n-th parameter of the path as an id. `not_found`: it is no id.
    template <class Id>
    Result<Id> id(std::size_t n = 0) const {
        if (const auto id = Id::parse(path_parameters.at(n))) return *id;
        return Error{.code = ErrorCode::not_found};
    }

    /// The caller as one who does something to others.
    roles::Actor actor() const { return roles::Actor::account(caller->holder.id); }

    /// The token of "Authorization: Bearer …" (RFC 6750 section 2.1); empty where there is none.
    std::string_view bearer_token() const;
};

/// The caller as one who looks at others' presence.
presence::Viewer viewer_of(const sessions::Caller& caller);

/// Returns the caller's own account after a change.
http::Response shown(const Call& call, const users::User& user);

using Handler = Result<http::Response> (*)(Services&, const Call&);

}  // namespace csauth::handlers
