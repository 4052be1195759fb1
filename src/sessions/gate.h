#pragma once

#include <string_view>

#include "base/result.h"
#include "sessions/sessions.h"
#include "sessions/tokens.h"

namespace csauth::sessions {

/// Who sends a request.
struct Caller {
    UserId user;
    Session session;
    bool is_verified = false;
};

/// Decides whether an access token still speaks for its user.
class Gate {
public:
    Gate(const Tokens& tokens, Sessions& sessions, const Clock& clock);

    /// The caller while the token's session is live. invalid_token, token_expired or session_ended otherwise.
    Result<Caller> admit(std::string_view access_token, Expired expired = Expired::refused);

    /// Whether a token of either type would be taken at this moment; the errors of admit() otherwise.
    Result<void> check(std::string_view token);

private:
    const Tokens& tokens_;
    Sessions& sessions_;
    const Clock& clock_;
};

}  // namespace csauth::sessions
