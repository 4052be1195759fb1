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

/// Who sends a request: what the token says where nothing speaks against it, else what the database says.
struct Caller {
    Holder holder;
    SessionId session;
    Counter counter = 0;
    std::vector<std::string> roles = {};
    std::vector<std::string> permissions = {};  ///< names of all that is true; none while unverified
    TimePoint issued_at = {};                   ///< the token
    TimePoint expires_at = {};
    bool is_renewable = false;

    /// Returns true if the caller has the permission.
    bool may(std::string_view permission) const;
    bool may(roles::Flag flag) const { return may(roles::name_of(flag)); }

    bool has_role(std::string_view name) const;
};

/// A good token that was asked about.
struct Checked {
    std::optional<Caller> caller = {};  ///< of an access token; nullopt of a refresh token
    std::string audience = {};          ///< of an access token
    SessionId session;
    TimePoint expires_at;
};

/// What becomes of a token that only the database could tell to be good, when that is away. This concerns
/// tokens that nothing is known against: a board that was never filled, or one that speaks, always refuses.
enum class OnStale { allow, refuse };

/// Decides whether an access token still speaks for its user.
///
/// `unchecked` writes when tokens are believed because the database is away.
///
/// While the recall board is fed and silent, that takes no query. What was seen goes to shared memory, where
/// refreshing looks for it; where that is full, to the database. And the device is there.
class Gate {
public:
    Gate(const Ports& ports, const Tokens& tokens, NodeMemory memory, OnStale on_stale, const Log& log,
         Outage& unchecked);

    /// The caller while the token's session is live; invalid_token, token_expired or session_ended otherwise.
    /// Throws Unavailable when that can't be told.
    Result<Caller> authenticate(std::string_view access_token, Expired expired = Expired::refused);

    /// The same for the token of the cookie that sibling sites see, which nothing but their check takes.
    Result<Caller> authenticate_site(std::string_view site_token);

    /// Returns a new token of the caller's session, with what the database says now. Returns nullopt for a
    /// token that was not issued for a cookie, or before the session's last refresh: a copy of an old token
    /// must not be extended. `session_ended`: the session has ended.
    Result<std::optional<std::string>> renew(const Caller& caller, Ticket ticket);

    /// Whether a token of any type, also one for an audience outside, would be taken at this moment; the
    /// errors of authenticate() otherwise.
    Result<Checked> check(std::string_view token);

    /// The same for an access token of this outside audience alone; invalid_token for every other.
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
