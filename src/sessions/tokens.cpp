#include "sessions/tokens.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "base/encoding.h"
#include "base/timestamps.h"
#include "crypto/jws.h"
#include "json/object.h"
#include "json/writer.h"

namespace csauth::sessions {
namespace {

constexpr std::string_view kType = "JWT";
constexpr std::string_view kAccess = "access";
constexpr std::string_view kRefresh = "refresh";
constexpr std::size_t kLongestNameClaim = 64;  // code points
constexpr json::Limits kClaimsLimits{.bytes = crypto::kLongestJws, .depth = 3, .members = 32};

/// How far another node's clock may be ahead of ours.
constexpr std::chrono::seconds kLeeway{30};

Error invalid_token() { return {.code = ErrorCode::invalid_token}; }

std::optional<Counter> counter_claim(const json::Object& claims) {
    const auto value = claims.integer("ctr");
    if (!value || *value < 0 || *value > std::numeric_limits<Counter>::max()) return std::nullopt;
    return static_cast<Counter>(*value);
}

/// At most `most` code points of valid UTF-8.
std::string_view first_code_points(std::string_view text, std::size_t most) {
    std::size_t at = 0;
    for (std::size_t count = 0; at < text.size(); ++at)
        if ((static_cast<unsigned char>(text[at]) & 0xc0U) != 0x80U && count++ == most) break;
    return text.substr(0, at);
}

/// The claims of a token of ours of this type, with `iat` and `exp` judged.
Result<json::Object> read(std::string_view token, const crypto::KeyRing& keys, std::string_view token_type,
                          TimePoint now, Expired expired) {
    const auto verified = crypto::verify_jws(token, keys);
    if (!verified || verified->type != kType) return invalid_token();
    auto claims = json::Object::parse(verified->payload, kClaimsLimits);
    if (!claims || claims->string("token_type") != token_type) return invalid_token();
    const auto issued = claims->integer("iat");
    const auto expires = claims->integer("exp");
    if (!issued || !expires || *issued > unix_seconds(now + kLeeway)) return invalid_token();
    if (expired == Expired::refused && *expires <= unix_seconds(now))
        return Error{.code = ErrorCode::token_expired};
    return std::move(*claims);
}

}  // namespace

Tokens::Tokens(TokenPolicy policy, const crypto::KeyRing& access_keys, const crypto::KeyRing& refresh_keys,
               const Clock& clock, Random& random)
    : policy_{std::move(policy)},
      access_keys_{access_keys},
      refresh_keys_{refresh_keys},
      clock_{clock},
      random_{random} {}

TokenPair Tokens::mint(const Bearer& bearer, Counter counter) const {
    const TimePoint now = clock_.now();
    return {mint_access(bearer, counter, now), mint_refresh(bearer.session, counter, now)};
}

std::string Tokens::mint_access(const Bearer& bearer, Counter counter, TimePoint now) const {
    // Up to a twentieth shorter, so that tokens which were minted together do not all expire together.
    const auto twentieth = static_cast<std::uint32_t>(policy_.access_lifetime.count() / 20);
    const auto lifetime = policy_.access_lifetime - std::chrono::seconds{random_.below(twentieth + 1)};
    const auto& user = bearer.user;
    const auto permissions =
        user.is_verified ? roles::effective_permissions(bearer.roles).granted() : std::vector<std::string>{};

    json::Writer claims;
    claims.begin_object()
        .member("iss", policy_.issuer)
        .member("aud", policy_.audience)
        .member("sub", user.id.text())
        .member("user_id", user.id.text())
        .member("token_type", kAccess)
        .member("sid", bearer.session.id.text())
        .member("ctr", static_cast<std::int64_t>(counter))
        .member("jti", Uuid::v7(now, random_).text())
        .member("iat", unix_seconds(now))
        .member("nbf", unix_seconds(now))
        .member("exp", unix_seconds(now + lifetime))
        .member("username", user.username)
        .member("email", user.email)
        .member("name", first_code_points(user.full_name, kLongestNameClaim))
        .member("email_verified", user.is_verified);
    claims.key("roles").begin_array();
    for (const auto& role : bearer.roles)
        claims.value(role.name);
    claims.end_array().key("permissions").begin_array();
    for (const auto& name : permissions)
        claims.value(name);
    claims.end_array().end_object();
    return crypto::sign_jws(claims.text(), access_keys_);
}

std::string Tokens::mint_refresh(const Session& session, Counter counter, TimePoint now) const {
    json::Writer claims;
    claims.begin_object()
        .member("token_type", kRefresh)
        .member("sid", session.id.text())
        .member("ctr", static_cast<std::int64_t>(counter))
        .member("jti", Uuid::v7(now, random_).text())
        .member("iat", unix_seconds(now))
        .member("exp", unix_seconds(std::min(session.expires_at, now + policy_.idle_lifetime)))
        .end_object();
    return crypto::sign_jws(claims.text(), refresh_keys_);
}

Result<AccessClaims> Tokens::read_access(std::string_view token, Expired expired) const {
    const TimePoint now = clock_.now();
    const auto claims = read(token, access_keys_, kAccess, now, expired);
    if (!claims) return claims.error();
    const auto not_before = claims->integer("nbf");
    if (!not_before || *not_before > unix_seconds(now + kLeeway)) return invalid_token();
    if (claims->string("iss") != policy_.issuer || claims->string("aud") != policy_.audience)
        return invalid_token();
    const auto user = UserId::parse(claims->string("sub").value_or(""));
    const auto session = SessionId::parse(claims->string("sid").value_or(""));
    const auto counter = counter_claim(*claims);
    if (!user || !session || !counter) return invalid_token();
    return AccessClaims{*user, *session, *counter};
}

Result<RefreshClaims> Tokens::read_refresh(std::string_view token) const {
    const auto claims = read(token, refresh_keys_, kRefresh, clock_.now(), Expired::refused);
    if (!claims) return claims.error();
    const auto session = SessionId::parse(claims->string("sid").value_or(""));
    const auto counter = counter_claim(*claims);
    if (!session || !counter) return invalid_token();
    return RefreshClaims{*session, *counter};
}

}  // namespace csauth::sessions
