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

/// Which of a user's sessions end. A client names them "this", "others" and "all".
enum class Scope { this_one, others, all };

/// Returns nullopt for any other name.
std::optional<Scope> scope_named(std::string_view name);

/// Ends sessions because their user signs out. Each call has a transaction of its own and writes an audit
/// entry. It also removes the push tokens of devices that have no session left.
class SignOut {
public:
    SignOut(const Ports& ports, const Tokens& tokens);

    /// Ends the sessions in `scope`, seen from the session `current`. A second call with Scope::this_one has
    /// no effect. Scope::all raises the epoch, so a sign-in that is under way fails as well.
    void sign_out(UserId user, SessionId current, Scope scope, const Origin& origin);

    /// Ends the session of a refresh token. Accepts any genuine token of the session, also one that a refresh
    /// has replaced.
    /// `invalid_token`: not a refresh token of ours. `token_expired`. `session_ended`: it is not live.
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
