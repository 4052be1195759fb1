#pragma once

#include "base/result.h"
#include "handlers/call.h"
#include "handlers/routes.h"

namespace csauth::handlers {

/// The header in which a proxy on another machine sends its key, in lower case.
inline constexpr std::string_view kProxyKeyHeader = "x-csauth-key";

/// Finds out who sends the request, as `access` demands. Sets `call.caller`, `call.carrier` and
/// `call.refresh_cookies`. Sets `call.is_by_cookie` also if it refuses the cookie. A token in a header counts
/// before a cookie.
///
/// `authentication_required`: there is no token, or internal_key with another key.
/// `invalid_token`, `token_expired`, `session_ended`: no token is good.
/// `cross_site_request`: a page that is not ours sends a cookie with another method than GET or HEAD.
/// `not_found`: internal_key without a configured key, or from another machine.
/// `forged_identity`: forward_auth with a header that tells sites who their visitor is.
/// `permission_denied`: forward_auth from a proxy on another machine without its key.
///
/// Throws Unavailable if only the database could tell, and it cannot be reached.
Result<void> identify(Services& services, Access access, Call& call);

}  // namespace csauth::handlers
