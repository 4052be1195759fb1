#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "crypto/key_ring.h"
#include "roles/role.h"
#include "sessions/session.h"
#include "users/user.h"

namespace csauth::sessions {

struct TokenPolicy {
    std::string issuer;
    std::string audience;
    std::chrono::seconds access_lifetime{10 * 60};
    std::chrono::seconds idle_lifetime{30L * 24 * 60 * 60};
};

struct TokenPair {
    std::string access;
    std::string refresh;
};

/// What our own checks need of an access token; the rest is for the services that read it.
struct AccessClaims {
    UserId user;
    SessionId session;
    Counter counter = 0;
};

struct RefreshClaims {
    SessionId session;
    Counter counter = 0;
};

/// Whom a token is minted for.
struct Bearer {
    const users::User& user;
    const std::vector<roles::Role>& roles;
    const Session& session;
};

/// Whether a token that is genuine but past its end is still taken.
enum class Expired { refused, accepted };

/// Mints and reads both tokens of a session: HS256 JWTs (RFC 7519) under a key ring each. Reading looks at
/// the signature before any claim, and asks no database.
class Tokens {
public:
    Tokens(TokenPolicy policy, const crypto::KeyRing& access_keys, const crypto::KeyRing& refresh_keys,
           const Clock& clock, Random& random);

    /// A pair that carries `counter`.
    TokenPair mint(const Bearer& bearer, Counter counter) const;

    /// invalid_token or token_expired when it is not one of ours.
    Result<AccessClaims> read_access(std::string_view token, Expired expired = Expired::refused) const;
    Result<RefreshClaims> read_refresh(std::string_view token) const;

private:
    std::string mint_access(const Bearer& bearer, Counter counter, TimePoint now) const;
    std::string mint_refresh(const Session& session, Counter counter, TimePoint now) const;

    TokenPolicy policy_;
    const crypto::KeyRing& access_keys_;
    const crypto::KeyRing& refresh_keys_;
    const Clock& clock_;
    Random& random_;
};

}  // namespace csauth::sessions
