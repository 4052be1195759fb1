#pragma once

#include "base/error.h"
#include "http/message.h"

namespace csauth::handlers {

/// The names that tell a site who its visitor is, in lower case. The service sets them; a client that sends
/// one is refused.
inline constexpr std::string_view kIdentityHeaders[] = {
    "remote-user",   "remote-id",          "remote-name",    "remote-email",  "remote-email-verified",
    "remote-groups", "remote-permissions", "x-auth-session", "x-auth-reason",
};

/// Returns a refusal that nginx' auth_request understands: 401 where signing in helps, 403 for everything
/// else, and the code in X-Auth-Reason. auth_request takes any other status for a breakdown of the site.
http::Response verify_refusal(const Error& error);

/// Returns a refusal for a proxy that hands it to the visitor: the status of the error, or 403 where that
/// says something about the request of the proxy and not of the visitor, and the code in X-Auth-Reason.
http::Response forward_refusal(const Error& error);

}  // namespace csauth::handlers
