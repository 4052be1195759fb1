#pragma once

#include <chrono>
#include <string_view>

#include "audit/audit_log.h"
#include "base/result.h"
#include "base/transactions.h"
#include "outbox/outbox.h"
#include "roles/roles.h"
#include "sessions/sessions.h"
#include "sessions/tokens.h"
#include "users/users.h"

namespace csauth::sessions {

/// For how long after a refresh the token before it is answered with the same counter again.
inline constexpr std::chrono::seconds kRacingTabsGrace{10};

/// Trades a refresh token for a new pair.
///
/// Each step of a session's counter is taken once, however many callers race for it. The token one step
/// behind gets the present counter again while that step is younger than kRacingTabsGrace, or as long as
/// nothing signed with it was seen: several tabs, or an answer that was lost. A token from further back
/// was copied: the session ends, and only when that is committed the caller hears session_ended.
class Refresh {
public:
    Refresh(const Tokens& tokens, Sessions& sessions, users::Users& users, roles::Roles& roles,
            outbox::Outbox& outbox, audit::AuditLog& audit, Transactions& transactions, const Clock& clock);

    /// invalid_token, token_expired (both without asking the database) or session_ended otherwise.
    Result<TokenPair> refresh(std::string_view refresh_token, const Origin& origin);

private:
    Result<TokenPair> mint(const Session& session, Counter counter);
    Error end_stolen(const Session& session, const Origin& origin);

    const Tokens& tokens_;
    Sessions& sessions_;
    users::Users& users_;
    roles::Roles& roles_;
    outbox::Outbox& outbox_;
    audit::AuditLog& audit_;
    Transactions& transactions_;
    const Clock& clock_;
};

}  // namespace csauth::sessions
