#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "handlers/call.h"

/// Chooses among a browser's cookies of one name. A browser may send several: of another domain, which
/// `site.cookie_domain` once named, or of a deeper path, which a sibling host has set. The latter come first,
/// so the order is no reason to trust one.
namespace csauth::handlers::cookies {

/// How many genuine tokens of one request are refused before no other is tried: each may take a query.
inline constexpr std::size_t kMostRefusedTokens = 4;

using Admit = std::function<Result<sessions::Caller>(std::string_view token)>;

/// Returns the caller of the first token that `admit` takes. If it takes none, returns the refusal that helps
/// the most: `token_expired`, because the session may go on; `session_ended`; any other one.
/// `authentication_required`: there is no token.
Result<sessions::Caller> first_admitted(const std::vector<std::string>& tokens, const Admit& admit);

/// Returns the caller of the site cookies. `authentication_required`: they speak for more than one user. A
/// sibling host can set such a cookie, but must not sign visitors in as somebody else. Otherwise refuses as
/// first_admitted() does.
Result<sessions::Caller> only_admitted(const std::vector<std::string>& tokens, const Admit& admit);

/// Returns at most kMostRefusedTokens refresh tokens to try, in this order: the newest genuine one of each
/// session, later sign-ins first. If the access cookie names a session, returns only the token of that
/// session: no other host can set that cookie, but a sibling can set a refresh cookie. If no token is
/// genuine, returns one that has expired, otherwise any.
std::vector<std::string> refresh_tokens(const Services& services, const http::Request& request);

/// Returns the first device key in a cookie that is genuine; empty if there is none.
std::string device_key(const devices::DeviceKeys& keys, const http::Request& request);

}  // namespace csauth::handlers::cookies
