#pragma once

#include <optional>
#include <string_view>

#include "audit/audit_log.h"
#include "base/result.h"
#include "base/transactions.h"
#include "devices/devices.h"
#include "sessions/ports.h"
#include "sessions/sessions.h"
#include "sessions/tokens.h"
#include "users/users.h"

namespace csauth::sessions {

/// Which of a user's sessions end.
enum class Scope { this_one, others, all };

std::optional<Scope> scope_named(std::string_view name);

/// Ends sessions at their user's wish.
class SignOut {
public:
    SignOut(const Ports& ports, const Tokens& tokens);

    /// Doing it twice is fine. Scope::all also ends what is being opened at this moment.
    void sign_out(UserId user, SessionId current, Scope scope, const Origin& origin);

    /// Ends the session of a refresh token. Any genuine token of the session will do, also one that was
    /// traded for a newer one. `invalid_token`, `token_expired`, `session_ended`.
    Result<void> sign_out(std::string_view refresh_token, const Origin& origin);

private:
    const Tokens& tokens_;
    Sessions& sessions_;
    devices::Devices& devices_;
    users::Users& users_;
    audit::AuditLog& audit_;
    Transactions& transactions_;
    const Clock& clock_;
};

}  // namespace csauth::sessions
