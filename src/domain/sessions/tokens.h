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
    compatible,  ///< always, but the session's first token is good as long as nobody has used a newer one
};

struct TokenPolicy {
    std::string issuer;
    std::string audience;
    std::chrono::seconds access_lifetime{10 * 60};
    std::chrono::seconds idle_lifetime{30L * 24 * 60 * 60};
    Rotation rotation = Rotation::on;
};

/// How far another node's clock may be ahead of ours.
inline constexpr std::chrono::seconds kLeeway{30};

/// Returns the secret by which the service of an outside audience asks about its tokens, as base64url: a tag
/// under the audience's key. It can't sign a token, so it may travel where the key must not.
std::string client_secret_of(const crypto::Key& key);

/// A ring for each kind of token, so that none can be taken for another's.
struct TokenKeys {
    const crypto::KeyRing& access;
    const crypto::KeyRing& refresh;
    const crypto::KeyRing& site;             ///< for the cookie that sites on sibling hosts see
    const crypto::AudienceRings& audiences;  ///< for services that verify tokens themselves
};

struct TokenPair {
    std::string access;
    std::string refresh;
};

/// What an access token says.
struct AccessClaims {
    std::string audience;
    Holder holder;
    SessionId session;
    Counter counter = 0;
    std::vector<std::string> roles = {};
    std::vector<std::string> permissions = {};
    TimePoint issued_at;
    TimePoint expires_at;
    bool is_renewable = false;  ///< minted for a cookie
    bool is_abridged = false;   ///< roles and permissions had no room
};

/// What the names of roles and permissions may take in a token, so that a cookie can hold it. Who has more
/// has a token that names none and says so (`abridged`), and is looked up each time.
inline constexpr std::size_t kRoomForRights = 1024;  // bytes, as JSON

/// Where the client keeps a session's tokens: a browser in cookies, or the client itself.
enum class SessionMode { cookie, token };

struct RefreshClaims {
    SessionId session;
    Counter counter = 0;
    SessionMode mode = SessionMode::cookie;  ///< also of tokens from before the mode was a claim
    TimePoint expires_at = {};
};

/// Whom a token is minted for.
struct Bearer {
    const Holder& holder;
    const std::vector<roles::Role>& roles;
    const Session& session;
    SessionMode mode = SessionMode::cookie;
};

/// The names of all that those roles allow; nothing until the address is confirmed.
std::vector<std::string> granted_to(const Holder& holder, const std::vector<roles::Role>& held);

/// A name as tokens carry it: its first 64 characters.
std::string_view name_in_tokens(std::string_view full_name);

/// The tokens that a browser's cookies hold beside the refresh token: for our own routes, and for the checks
/// of sites on sibling hosts.
enum class Ticket { access, site };

/// Whether a token that is genuine but past its end is still taken.
enum class Expired { refused, accepted };

/// Mints and reads the tokens of a session: HS256 JWTs (RFC 7519) under a key ring each. Reading looks at the
/// signature before any claim, and asks no database. For one thread at a time, as claims that were read are
/// kept for who shows the same token again.
class Tokens {
public:
    Tokens(TokenPolicy policy, TokenKeys keys, const Clock& clock, Random& random);
    ~Tokens();

    /// A pair that carries `counter`.
    TokenPair issue_pair(const Bearer& bearer, Counter counter) const;

    /// The same with an access token for an outside audience, which only that takes; nothing when there is no
    /// such audience.
    std::optional<TokenPair> issue_pair_for(std::string_view audience, const Bearer& bearer,
                                            Counter counter) const;
    bool has_audience(std::string_view name) const { return keys_.audiences.find(name) != nullptr; }

    std::string issue_refresh(const Bearer& bearer, Counter counter) const;

    Rotation rotation() const { return policy_.rotation; }

    /// Returns true if a refresh with the token leaves the counter, whose present value is `present`, as it
    /// is. Such a token is good again afterwards, at any time until the session ends.
    bool is_kept(const RefreshClaims& claims, Counter present) const;

    /// What goes into a cookie, and may be renewed there.
    std::string issue_ticket(Ticket ticket, const Bearer& bearer, Counter counter) const;

    /// invalid_token or token_expired when it is not one of ours. A token is never good for longer than
    /// access_lifetime, whatever it says.
    Result<AccessClaims> read_access(std::string_view token, Expired expired = Expired::refused) const;
    Result<AccessClaims> read_site(std::string_view token) const;

    /// The same for a token of any outside audience: for answering its service, never for letting somebody
    /// in.
    Result<AccessClaims> read_outside(std::string_view token) const;

    /// The same for a token of this outside audience alone.
    Result<AccessClaims> read_outside(std::string_view token, std::string_view audience) const;

    /// Returns true if `secret` is the client secret of a key of the outside audience. Its time does not tell
    /// which bytes are right.
    bool is_client_secret(std::string_view audience, std::string_view secret) const;

    const std::string& issuer() const { return policy_.issuer; }
    Result<RefreshClaims> read_refresh(std::string_view token) const;

private:
    /// Whom a token is for, and whether it may be renewed.
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
