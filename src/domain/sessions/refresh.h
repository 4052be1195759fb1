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

/// For how long after a refresh the replaced token still gets the present counter.
inline constexpr std::chrono::seconds kRacingTabsGrace{10};

/// What happens to the parent, which is the refresh token one step older than the present one.
enum class ParentTokens {
    answered,  ///< within kRacingTabsGrace, or while no access token with the present counter was seen
    refused,   ///< always, so a lost answer or a race between two tabs ends the session
};

struct RefreshPolicy {
    ParentTokens parents = ParentTokens::answered;
    std::vector<std::string> unverified_audiences = {};  ///< these accept accounts with unconfirmed addresses
};

/// The answer to a refresh. `session` has at least the members that TokenSession names. Its counter may be
/// the one before this refresh.
struct Refreshed {
    TokenPair tokens;
    Holder holder;
    std::vector<roles::Role> roles;  ///< highest priority first, then by name
    Session session;
    Counter counter = 0;  ///< the counter of `tokens`
};

/// Trades a refresh token for a new pair.
///
/// Each step of a session's counter is taken once, however many callers race for it. The token one step older
/// gets the present counter again if that step is younger than kRacingTabsGrace: several tabs raced. It also
/// does while no access token of the present step was seen: the answer was lost. Any other old token was
/// copied. The session then ends, and the caller gets `session_ended` after that is committed.
///
/// A token that may be kept (Tokens::is_kept) leaves the counter as it is and gets the present one. With
/// Rotation::off the refresh token of the answer is then the one that was presented.
///
/// docs/use/sessions.md has the table of all cases.
class Refresh {
public:
    Refresh(const Ports& ports, const Tokens& tokens, const Activity& activity, RefreshPolicy policy);

    /// Returns a new pair. The access token is for our own API if `audience` is empty, otherwise for that
    /// outside audience. The caller has checked Tokens::has_audience. Changes the session's row without a
    /// transaction; ends a copied session in one of its own, with a mail and an audit entry.
    ///
    /// `invalid_token`: not a refresh token of ours, or one that is newer than the session's row. The latter
    /// means that the database lags; it does the session no harm.
    /// `token_expired`: decided without the database, as is a token that is not ours.
    /// `session_ended`: the session is not live, or ended now because the token was copied.
    /// `email_unverified`: the address is not confirmed, and `audience` is none of
    /// RefreshPolicy::unverified_audiences. The refresh token stays valid.
    Result<Refreshed> refresh(std::string_view refresh_token, std::string_view audience,
                              const Origin& origin);

private:
    /// The token that the caller has presented, and the audience that it asks for.
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
