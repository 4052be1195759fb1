#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"
#include "base/outage.h"
#include "base/result.h"
#include "presence/signs_of_life.h"
#include "recall/board.h"
#include "roles/roles.h"
#include "sessions/activity.h"
#include "sessions/node_memory.h"
#include "sessions/ports.h"
#include "sessions/sessions.h"
#include "sessions/tokens.h"

namespace csauth::sessions {

/// The user and session that a request acts for. The values are the token's, or the database's if it was
/// asked.
struct Caller {
    Holder holder;
    SessionId session;
    Counter counter = 0;                        ///< of the token
    std::vector<std::string> roles = {};        ///< names, highest priority first
    std::vector<std::string> permissions = {};  ///< as granted_to() has them; none while unverified
    TimePoint issued_at = {};                   ///< of the token, in whole seconds
    TimePoint expires_at = {};                  ///< of the token, in whole seconds
    bool is_renewable = false;                  ///< the token was issued for a cookie

    /// Returns true if the caller has the permission, which is a flag's name or that of a custom permission.
    bool may(std::string_view permission) const;
    bool may(roles::Flag flag) const { return may(roles::name_of(flag)); }

    bool has_role(std::string_view name) const;
};

/// What Gate::check() found out about a valid token.
struct Checked {
    std::optional<Caller> caller = {};  ///< nullopt for a refresh token
    std::string audience = {};          ///< of an access token; empty for a refresh token
    SessionId session;
    TimePoint expires_at;  ///< of the token
};

/// Whether a token is accepted if the board is stale and the database is unavailable. This concerns only
/// tokens that no recall concerns. If the board is empty or speaks, an unavailable database always refuses.
enum class OnStale { allow, refuse };

/// Decides whether an access token is valid now.
///
/// Needs no query while the recall board is fed and silent, unless the token is expired or abridged.
/// Otherwise it asks the database, and returns what the database says of the user. Notes each accepted access
/// token as a sign of life of its device, and as a sighting in Activity. If Activity has no room, writes the
/// sighting to the database. For one thread at a time, like Tokens.
class Gate {
public:
    /// `unchecked` writes the log lines about tokens that were accepted although the database is unavailable.
    Gate(const Ports& ports, const Tokens& tokens, NodeMemory memory, OnStale on_stale, const Log& log,
         Outage& unchecked);

    /// Returns the caller of an access token of our own API. With Expired::accepted the token may be past its
    /// end; such a token always asks the database.
    ///
    /// `invalid_token`, `token_expired`: as Tokens::read_access(). `session_ended`: the session is not live.
    /// Throws Unavailable if the database is needed and unavailable (see OnStale).
    Result<Caller> authenticate(std::string_view access_token, Expired expired = Expired::refused);

    /// Does the same for the token of the site cookie, which authenticate() refuses.
    Result<Caller> authenticate_site(std::string_view site_token);

    /// Returns a new ticket of the caller's session, with what the database says now. Returns nullopt if the
    /// caller's token was not issued for a cookie, or was issued before the session's last refresh: a copy of
    /// an old token must not be extended. `session_ended`: the session is not live.
    Result<std::optional<std::string>> renew(const Caller& caller, Ticket ticket);

    /// Checks a refresh token, or an access token of our API or of any outside audience. Does not change the
    /// session's counter. A site token is `invalid_token`; otherwise the errors are those of authenticate().
    /// `session_ended` also means a refresh token that is neither the present one nor kept.
    Result<Checked> check(std::string_view token);

    /// Checks an access token of this outside audience. Any other token is `invalid_token`; otherwise the
    /// errors are those of authenticate().
    Result<Caller> check_outside(std::string_view token, std::string_view audience);

private:
    Result<Caller> authenticate(AccessClaims claims);
    Result<Caller> ask(const Caller& caller);
    Result<Caller> ask_if_possible(Caller caller);
    void note(const Caller& caller);

    const Tokens& tokens_;
    Sessions& sessions_;
    roles::Roles& roles_;
    recall::Board& board_;
    Activity& activity_;
    presence::SignsOfLife signs_of_life_;
    OnStale on_stale_;
    const Clock& clock_;
    const Log& log_;
    Outage& unchecked_;
};

}  // namespace csauth::sessions
