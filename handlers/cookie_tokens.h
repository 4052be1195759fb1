#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "handlers/handlers.h"

/// Which of a browser's cookies counts. A browser may send several of one name: of another domain, which
/// `site.cookie_domain` once named, or of a deeper path, which a sibling host has set. All of them come at
/// once, in an order that says nothing.
namespace csauth::handlers::cookies {

/// How many genuine tokens of one request are refused before no other is tried: each may take a query.
inline constexpr std::size_t kMostRefusedTokens = 4;

using Admit = std::function<Result<sessions::Caller>(std::string_view token)>;

/// Returns the caller of the first token that `admit` takes. If it takes none, returns the refusal that helps
/// the most: `token_expired`, because the session may go on; `session_ended`; any other one.
/// `authentication_required`: there is no token.
Result<sessions::Caller> first_admitted(const std::vector<std::string>& tokens, const Admit& admit);

/// Returns the refresh tokens in cookies that are worth trying, at most kMostRefusedTokens: genuine ones, and
/// of each session the newest. That of the access cookie's session comes first, because no other host can set
/// that cookie; then later sign-ins come first. Without a genuine one, returns one that has expired, or else
/// any.
std::vector<std::string> refresh_tokens(const Services& services, const http::Request& request);

/// Returns the first device key in a cookie that is genuine; empty if there is none.
std::string device_key(const devices::DeviceKeys& keys, const http::Request& request);

}  // namespace csauth::handlers::cookies
