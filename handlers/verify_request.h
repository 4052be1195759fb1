#pragma once

#include "base/error.h"
#include "http/message.h"

namespace csauth::handlers {

/// The headers that tell a site who its visitor is, in lower case. The service sets them; a request that
/// already has one is refused (`forged_identity`).
inline constexpr std::string_view kIdentityHeaders[] = {
    "remote-user",   "remote-id",          "remote-name",    "remote-email",  "remote-email-verified",
    "remote-groups", "remote-permissions", "x-auth-session", "x-auth-reason",
};

/// Returns a refusal that nginx' auth_request understands: 401 if signing in helps, otherwise 403. The header
/// X-Auth-Reason has the code. For auth_request, any other status would mean that the site is broken.
http::Response verify_refusal(const Error& error);

/// Returns a refusal for a proxy that passes it on to the visitor. The status is 401 if signing in helps. It
/// is that of the error if that is 500 or higher, otherwise 403. Other statuses would speak of the proxy's
/// request, not of the visitor's. The header X-Auth-Reason has the code.
http::Response forward_refusal(const Error& error);

}  // namespace csauth::handlers
