#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "audit/audit_log.h"
#include "base/result.h"
#include "base/transactions.h"
#include "devices/devices.h"
#include "outbox/outbox.h"
#include "roles/roles.h"
#include "sessions/activity.h"
#include "sessions/ports.h"
#include "sessions/sessions.h"
#include "sessions/tokens.h"
#include "users/users.h"

namespace csauth::sessions {

/// For how long after a refresh the token before it is answered with the same counter again.
inline constexpr std::chrono::seconds kRacingTabsGrace{10};

/// What becomes of the token one step behind.
enum class ParentTokens {
    answered,  ///< within kRacingTabsGrace, or while nothing signed with the present counter was seen
    refused,   ///< never: each answer that is lost, and each race, costs the session
};

struct RefreshPolicy {
    ParentTokens parents = ParentTokens::answered;
    std::vector<std::string> unverified_audiences = {};  ///< that accounts without a confirmed address reach
};

/// A pair, and for whom.
struct Refreshed {
    TokenPair tokens;
    Holder holder;
    std::vector<roles::Role> roles;
    Session session;
    Counter counter = 0;
};

/// Trades a refresh token for a new pair.
///
/// Each step of a session's counter is taken once, however many callers race for it. The token one step
/// behind gets the present counter again while that step is younger than kRacingTabsGrace, or as long as
/// nothing signed with it was seen: several tabs, or an answer that was lost. A token from further back
/// was copied: the session ends, and only when that is committed the caller hears session_ended.
///
/// A token that may be kept (Tokens::is_kept) leaves the counter as it is and gets the present one. With
/// Rotation::off the refresh token of the answer is then the one that was presented.
class Refresh {
public:
    Refresh(const Ports& ports, const Tokens& tokens, const Activity& activity, RefreshPolicy policy);

    /// invalid_token, token_expired (both without asking the database) or session_ended otherwise;
    /// invalid_token also, without harm to the session, when the database lags behind the token. The access
    /// token is for ourselves, or for the outside `audience`, which must be one of Tokens::has_audience.
    /// `email_unverified`: the account's address is not confirmed, and the audience is not one of
    /// RefreshPolicy::unverified_audiences. The refresh token stays good then.
    Result<Refreshed> refresh(std::string_view refresh_token, std::string_view audience,
                              const Origin& origin);

private:
    /// What the caller has presented, and asks for.
    struct Presented {
        std::string_view token;
        RefreshClaims claims;
        std::string_view audience;
    };
    Result<Refreshed> answer_with_roles_read(const Presented& presented, const LiveSession& live,
                                             Counter counter);
    Result<Refreshed> answer(const Presented& presented, LiveSession live, std::vector<roles::Role> held,
                             Counter counter);
    bool takes_unverified(std::string_view audience) const;
    bool may_repeat(const Session& session) const;
    Error end_stolen(const Session& session, const Origin& origin);

    const Tokens& tokens_;
    Sessions& sessions_;
    const Activity& activity_;
    devices::Devices& devices_;
    users::Users& users_;
    roles::Roles& roles_;
    outbox::Outbox& outbox_;
    audit::AuditLog& audit_;
    Transactions& transactions_;
    RefreshPolicy policy_;
    const Clock& clock_;
};

}  // namespace csauth::sessions
