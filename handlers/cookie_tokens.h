#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "handlers/call.h"

/// Chooses among a browser's cookies of one name. A browser sends several if `site.cookie_domain` once named
/// another domain, or if a sibling host has set one with a deeper path. A cookie with a deeper path comes
/// first, so the order says nothing about trust.
namespace csauth::handlers::cookies {

/// After this many refused genuine tokens of one request, no other is tried. Each may cost a query.
inline constexpr std::size_t kMostRefusedTokens = 4;

/// Checks one token, as sessions::Gate does, and returns its caller or a refusal.
using Admit = std::function<Result<sessions::Caller>(std::string_view token)>;

/// Returns the caller of the first token that `admit` accepts. If it accepts none, returns the most helpful
/// refusal: `token_expired`, because a refresh may help; otherwise `session_ended`; otherwise the first one.
/// `authentication_required`: there is no token.
Result<sessions::Caller> first_admitted(const std::vector<std::string>& tokens, const Admit& admit);

/// Returns the caller of the site cookies. A sibling host can set such a cookie, but must not sign visitors
/// in as another user. `authentication_required`: the cookies belong to more than one user. Otherwise refuses
/// as first_admitted() does.
Result<sessions::Caller> only_admitted(const std::vector<std::string>& tokens, const Admit& admit);

/// Returns at most kMostRefusedTokens refresh tokens, in the order in which they should be tried: the newest
/// genuine one of each session, later sign-ins first. If the access cookie names a session, returns only the
/// token of that session. A sibling host can set a refresh cookie, but no other host can set an access
/// cookie. If no token is genuine, returns one that has expired, otherwise any one, so that its refusal is
/// reported.
std::vector<std::string> refresh_tokens(const Services& services, const http::Request& request);

/// Returns the first genuine device key among the cookies; empty if there is none.
std::string device_key(const devices::DeviceKeys& keys, const http::Request& request);

}  // namespace csauth::handlers::cookies
