#include "handlers/cookie_tokens.h"

#include <algorithm>
#include <optional>

#include "devices/device_keys.h"
#include "handlers/cookies.h"
#include "sessions/tokens.h"

namespace csauth::handlers::cookies {
namespace {

int helpfulness(ErrorCode code) {
    if (code == ErrorCode::token_expired) return 2;
    return code == ErrorCode::session_ended ? 1 : 0;
}

/// Returns the session that the access cookie names, even if its token has expired.
std::optional<SessionId> session_of_access_cookie(const Services& services, const http::Request& request) {
    for (const auto& token : find_all(request, kAccess))
        if (const auto claims = services.tokens.read_access(token, sessions::Expired::accepted))
            return claims->session;
    return std::nullopt;
}

struct RefreshCookie {
    sessions::RefreshClaims claims;
    std::string token;
};

}  // namespace

Result<sessions::Caller> first_admitted(const std::vector<std::string>& tokens, const Admit& admit) {
    Error refusal{.code = ErrorCode::authentication_required};
    std::size_t genuine = 0;
    for (const auto& token : tokens) {
        auto caller = admit(token);
        if (caller) return caller;
        const Error& error = caller.error();
        const bool is_first = &token == &tokens.front();
        if (is_first || helpfulness(error.code) > helpfulness(refusal.code)) refusal = error;
        if (error.code != ErrorCode::invalid_token && ++genuine == kMostRefusedTokens) break;
    }
    return refusal;
}

Result<sessions::Caller> only_admitted(const std::vector<std::string>& tokens, const Admit& admit) {
    auto caller = first_admitted(tokens, admit);
    for (std::size_t i = 0; caller && i < std::min(tokens.size(), kMostRefusedTokens); ++i)
        if (const auto other = admit(tokens[i]); other && other->holder.id != caller->holder.id)
            return Error{.code = ErrorCode::authentication_required};
    return caller;
}

std::vector<std::string> refresh_tokens(const Services& services, const http::Request& request) {
    const auto sent = find_all(request, kRefresh);
    std::vector<RefreshCookie> genuine;
    std::string refused;
    for (const auto& token : sent) {
        const auto claims = services.tokens.read_refresh(token);
        if (!claims) {
            if (refused.empty() || claims.error().code == ErrorCode::token_expired) refused = token;
            continue;
        }
        const auto of_session = std::find_if(
            genuine.begin(), genuine.end(),
            [&](const RefreshCookie& cookie) { return cookie.claims.session == claims->session; });
        // An older token of the same session would be taken for a stolen one, and end the session.
        if (of_session == genuine.end())
            genuine.push_back({*claims, token});
        else if (claims->counter > of_session->claims.counter)
            *of_session = {*claims, token};
    }
    if (const auto own = session_of_access_cookie(services, request))
        std::erase_if(genuine, [&](const RefreshCookie& cookie) { return cookie.claims.session != *own; });
    std::sort(genuine.begin(), genuine.end(), [](const RefreshCookie& one, const RefreshCookie& other) {
        return one.claims.session.text() > other.claims.session.text();  // IDs sort by time
    });

    std::vector<std::string> tokens;
    for (auto& cookie : genuine)
        if (tokens.size() < kMostRefusedTokens) tokens.push_back(std::move(cookie.token));
    if (tokens.empty() && !refused.empty()) tokens.push_back(std::move(refused));
    return tokens;
}

std::string device_key(const devices::DeviceKeys& keys, const http::Request& request) {
    for (const auto& key : find_all(request, kDevice))
        if (keys.read(key)) return key;
    return {};
}

}  // namespace csauth::handlers::cookies
