#pragma once

#include "base/result.h"
#include "handlers/call.h"
#include "handlers/routes.h"

namespace csauth::handlers {

/// The header by which a proxy on another machine shows its key.
inline constexpr std::string_view kProxyKeyHeader = "x-csauth-key";

/// Establishes who sends the request, as `access` asks, and sets `call.caller`, `call.carrier` and
/// `call.refresh_cookies`. A token in a header counts before a cookie. Sets `call.is_by_cookie` also if it
/// refuses the cookie.
///
/// `authentication_required`, `invalid_token`, `token_expired`, `session_ended`: there is no token, or none
/// that is good. `cross_site_request`: a cookie that changes something, from a page that is not ours.
/// `not_found`: Access::internal_key without a configured key, or from another machine. `forged_identity`:
/// Access::forward_auth with a header by which sites know their visitor. `permission_denied`:
/// Access::forward_auth from a proxy on another machine without its key.
Result<void> identify(Services& services, Access access, Call& call);

}  // namespace csauth::handlers
