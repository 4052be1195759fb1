#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "crypto/audience_rings.h"
#include "roles/role.h"
#include "sessions/session.h"

namespace csauth::crypto {
struct SignedJws;
}

namespace csauth::sessions {

class ClaimsCache;
struct ReadClaims;

/// Whether a refresh replaces the refresh token of a session in token mode (`tokens.rotation`). In cookie
/// mode it always does. docs/use/sessions.md says what each costs.
enum class Rotation {
    on,          ///< always
    off,         ///< never
    compatible,  ///< always, but the session's first token stays valid until a newer one is used
};

/// The keys of the configuration's section [tokens] that concern the contents of tokens.
struct TokenPolicy {
    std::string issuer;                                      ///< the claim `iss`
    std::string audience;                                    ///< the claim `aud` of tokens for our own API
    std::chrono::seconds access_lifetime{10 * 60};           ///< the longest
    std::chrono::seconds idle_lifetime{30L * 24 * 60 * 60};  ///< of a refresh token that is not kept
    Rotation rotation = Rotation::on;
};

/// How far another node's clock may be ahead of ours.
inline constexpr std::chrono::seconds kLeeway{30};

/// Returns the secret by which the service of an outside audience asks about its tokens, as base64url: a tag
/// under the audience's key. It can't sign a token, so it may travel where the key must not.
std::string client_secret_of(const crypto::Key& key);

/// A ring for each kind of token, so that no token is accepted as one of another kind. The rings must outlive
/// Tokens.
struct TokenKeys {
    const crypto::KeyRing& access;
    const crypto::KeyRing& refresh;
    const crypto::KeyRing& site;             ///< for the cookie that sites on sibling hosts see
    const crypto::AudienceRings& audiences;  ///< for services that verify tokens themselves
};

/// An access token and a refresh token of one session with the same counter. Both are JWTs in compact form.
struct TokenPair {
    std::string access;
    std::string refresh;
};

/// The claims of an access token.
struct AccessClaims {
    std::string audience;
    Holder holder;
    SessionId session;
    Counter counter = 0;
    std::vector<std::string> roles = {};        ///< names, highest priority first; empty if abridged
    std::vector<std::string> permissions = {};  ///< as granted_to() has them; empty if abridged
    TimePoint issued_at;                        ///< in whole seconds
    TimePoint expires_at;       ///< the claim `exp`, but at most issued_at plus access_lifetime
    bool is_renewable = false;  ///< issued for a cookie
    bool is_abridged = false;   ///< the names of roles and permissions need more than kRoomForRights
};

/// The most bytes that the names of roles and permissions take in a token, as JSON, so that a cookie can hold
/// it. A token that needs more contains none and the claim `abridged`; each check of it asks the database.
inline constexpr std::size_t kRoomForRights = 1024;

/// Where the client keeps a session's tokens: a browser in cookies, or the client itself.
enum class SessionMode { cookie, token };

/// The claims of a refresh token.
struct RefreshClaims {
    SessionId session;
    Counter counter = 0;
    SessionMode mode = SessionMode::cookie;  ///< also for tokens that an earlier version issued without it
    TimePoint expires_at = {};               ///< in whole seconds
};

/// The user and the session that tokens are issued for. It refers to its parts, so use it within one
/// expression or their scope.
struct Bearer {
    const Holder& holder;
    const std::vector<roles::Role>& roles;
    const Session& session;
    SessionMode mode = SessionMode::cookie;
};

/// Returns the names of the permissions that those roles give (roles::Permissions::granted). Returns none
/// until the address is confirmed.
std::vector<std::string> granted_to(const Holder& holder, const std::vector<roles::Role>& held);

/// Returns the name as tokens contain it: its first 64 code points. The result is a view of the argument.
std::string_view name_in_tokens(std::string_view full_name);

/// The tokens that a browser's cookies hold beside the refresh token: for our own routes, and for the checks
/// of sites on sibling hosts.
enum class Ticket { access, site };

/// Whether a genuine token that is past its end is accepted.
enum class Expired { refused, accepted };

/// Issues and reads the tokens of a session: JWTs with HS256 (RFC 7519), under one key ring for each kind.
/// Reading checks the signature before any claim, and does not ask the database, so it can't know whether the
/// session has ended: that is Gate's task. For one thread at a time, because it caches the claims that it has
/// read.
class Tokens {
public:
    Tokens(TokenPolicy policy, TokenKeys keys, const Clock& clock, Random& random);
    ~Tokens();

    /// Returns a pair with `counter`, whose access token is for our own API. An access token lives for
    /// access_lifetime less up to a twentieth at random, and never longer than its session.
    TokenPair issue_pair(const Bearer& bearer, Counter counter) const;

    /// Returns a pair whose access token is for an outside audience, which alone accepts it. Returns nullopt
    /// if there is no such audience.
    std::optional<TokenPair> issue_pair_for(std::string_view audience, const Bearer& bearer,
                                            Counter counter) const;

    /// Returns true if there is a key ring for this outside audience.
    bool has_audience(std::string_view name) const { return keys_.audiences.find(name) != nullptr; }

    /// Returns a refresh token with `counter`. It lives for idle_lifetime and never longer than its session;
    /// one that may be kept lives as long as the session.
    std::string issue_refresh(const Bearer& bearer, Counter counter) const;

    Rotation rotation() const { return policy_.rotation; }

    /// Returns true if a refresh with the token does not change the counter, whose present value is
    /// `present`. Such a token stays valid and may be used again until the session ends.
    bool is_kept(const RefreshClaims& claims, Counter present) const;

    /// Returns an access token for a cookie, with the claim `renewable`: see Gate::renew().
    std::string issue_ticket(Ticket ticket, const Bearer& bearer, Counter counter) const;

    /// Returns the claims of an access token of our own API.
    ///
    /// `invalid_token`: not signed by our ring, damaged, or for another audience or issuer. Also if `iat` or
    /// `nbf` is more than kLeeway in the future. `token_expired`: past its end, unless `expired` accepts
    /// that.
    Result<AccessClaims> read_access(std::string_view token, Expired expired = Expired::refused) const;

    /// Does the same for the token of the site cookie, and refuses expired ones.
    Result<AccessClaims> read_site(std::string_view token) const;

    /// Does the same for a token of any outside audience. Use it to answer that audience's service, never to
    /// authenticate a caller.
    Result<AccessClaims> read_outside(std::string_view token) const;

    /// Does the same for a token of this outside audience. An unknown audience is `invalid_token`.
    Result<AccessClaims> read_outside(std::string_view token, std::string_view audience) const;

    /// Returns true if `secret` is the client secret of a key of the outside audience. Compares in constant
    /// time.
    bool is_client_secret(std::string_view audience, std::string_view secret) const;

    const std::string& issuer() const { return policy_.issuer; }

    /// Returns the claims of a refresh token. The time of issue is not checked; the counter decides.
    /// `invalid_token`: not signed by our ring, or damaged. `token_expired`: past its end.
    Result<RefreshClaims> read_refresh(std::string_view token) const;

private:
    /// The audience and the ring of an access token, and whether it may be renewed.
    struct Purpose {
        std::string_view audience;
        const crypto::KeyRing& ring;
        bool is_renewable = false;
    };
    std::string issue_access(const Bearer& bearer, Counter counter, const Purpose& purpose) const;
    std::optional<ReadClaims> claims_of(const crypto::SignedJws& token) const;
    Result<AccessClaims> read_access(std::string_view token, std::string_view audience,
                                     const crypto::KeyRing& ring, Expired expired) const;

    TokenPolicy policy_;
    TokenKeys keys_;
    const Clock& clock_;
    Random& random_;
    std::unique_ptr<ClaimsCache> read_lately_;
};

}  // namespace csauth::sessions
