#include "sessions/tokens.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "base/encoding.h"
#include "base/timestamps.h"
#include "crypto/jws.h"
#include "json/object.h"
#include "json/writer.h"
#include "sessions/claims_cache.h"

namespace csauth::sessions {
namespace {

constexpr std::string_view kAccess = "access";
constexpr std::string_view kRefresh = "refresh";
constexpr std::string_view kTokenMode = "token";  // a value of the claim "mode" in refresh tokens
constexpr std::size_t kLongestNameClaim = 64;     // code points
constexpr json::Limits kClaimsLimits{.bytes = crypto::kLongestJws, .depth = 3, .members = 32};

/// The audience of the site cookie. It differs from the API's, so that the API refuses this token.
constexpr std::string_view kSiteAudience = "csauth:site";

Error invalid_token() { return {.code = ErrorCode::invalid_token}; }

std::optional<Counter> counter_claim(const json::Object& claims) {
    const auto value = claims.integer("ctr");
    if (!value || *value < 0 || *value > std::numeric_limits<Counter>::max()) return std::nullopt;
    return static_cast<Counter>(*value);
}

/// Returns the first `most` code points of valid UTF-8, or all if there are fewer.
std::string_view first_code_points(std::string_view text, std::size_t most) {
    std::size_t at = 0;
    for (std::size_t count = 0; at < text.size(); ++at)
        if ((static_cast<unsigned char>(text[at]) & 0xc0U) != 0x80U && count++ == most) break;
    return text.substr(0, at);
}

/// Returns the claims if the token's type and their form are right. Does not compare times with the clock.
std::optional<json::Object> read(const crypto::SignedJws& token, std::string_view token_type) {
    const auto payload = token.type == crypto::kJwsType ? token.payload() : std::nullopt;
    if (!payload) return std::nullopt;
    auto claims = json::Object::parse(*payload, kClaimsLimits);
    if (!claims || claims->string("token_type") != token_type) return std::nullopt;
    if (!claims->integer("iat") || !claims->integer("exp")) return std::nullopt;
    return std::move(*claims);
}

/// Returns the bytes of a JSON array of these names, or one more. None of the names needs escaping.
std::size_t room_for(const std::vector<std::string>& names) {
    std::size_t bytes = 2;
    for (const auto& name : names)
        bytes += name.size() + 3;
    return bytes;
}

void write_names(json::Writer& json, const std::vector<std::string>& names) {
    json.begin_array();
    for (const auto& name : names)
        json.value(name);
    json.end_array();
}

/// The last second of the year 9999. We issue no token with a later time.
constexpr std::int64_t kLastSecond = 253'402'300'799;
bool is_time(std::int64_t unix_seconds) { return unix_seconds >= 0 && unix_seconds <= kLastSecond; }

TimePoint time_of(std::int64_t unix_seconds) { return TimePoint{std::chrono::seconds{unix_seconds}}; }

}  // namespace

std::string client_secret_of(const crypto::Key& key) {
    return base64url(as_text(key.hmac.tag("csauth client secret")));
}

std::string_view name_in_tokens(std::string_view full_name) {
    return first_code_points(full_name, kLongestNameClaim);
}

std::vector<std::string> granted_to(const Holder& holder, const std::vector<roles::Role>& held) {
    if (!holder.is_verified) return {};
    return roles::effective_permissions(held).granted();
}

Tokens::Tokens(TokenPolicy policy, TokenKeys keys, const Clock& clock, Random& random)
    : policy_{std::move(policy)},
      keys_{keys},
      clock_{clock},
      random_{random},
      read_lately_{std::make_unique<ClaimsCache>()} {}

Tokens::~Tokens() = default;

TokenPair Tokens::issue_pair(const Bearer& bearer, Counter counter) const {
    return {issue_access(bearer, counter, {policy_.audience, keys_.access}), issue_refresh(bearer, counter)};
}

std::optional<TokenPair> Tokens::issue_pair_for(std::string_view audience, const Bearer& bearer,
                                                Counter counter) const {
    const auto* ring = keys_.audiences.find(audience);
    if (ring == nullptr) return std::nullopt;
    return TokenPair{issue_access(bearer, counter, {audience, *ring}), issue_refresh(bearer, counter)};
}

std::string Tokens::issue_ticket(Ticket ticket, const Bearer& bearer, Counter counter) const {
    return ticket == Ticket::site ? issue_access(bearer, counter, {kSiteAudience, keys_.site, true})
                                  : issue_access(bearer, counter, {policy_.audience, keys_.access, true});
}

std::string Tokens::issue_access(const Bearer& bearer, Counter counter, const Purpose& purpose) const {
    // The lifetime is up to a twentieth shorter, so that tokens issued together do not all expire together.
    const auto twentieth = static_cast<std::uint32_t>(policy_.access_lifetime.count() / 20);
    const auto lifetime = policy_.access_lifetime - std::chrono::seconds{random_.below(twentieth + 1)};
    const TimePoint now = clock_.now();
    const Holder& holder = bearer.holder;

    json::Writer claims;
    claims.begin_object()
        .member("iss", policy_.issuer)
        .member("aud", purpose.audience)
        .member("sub", holder.id.text())
        .member("user_id", holder.id.text())
        .member("token_type", kAccess)
        .member("sid", bearer.session.id.text())
        .member("ctr", static_cast<std::int64_t>(counter))
        .member("jti", Uuid::v7(now, random_).text())
        .member("iat", unix_seconds(now))
        .member("nbf", unix_seconds(now))
        .member("exp", unix_seconds(std::min(now + lifetime, bearer.session.expires_at)))
        .member("username", holder.username)
        .member("email", holder.email)
        .member("name", name_in_tokens(holder.full_name))
        .member("email_verified", holder.is_verified);
    auto roles = roles::names_of(bearer.roles);
    auto permissions = granted_to(holder, bearer.roles);
    if (room_for(roles) + room_for(permissions) > kRoomForRights) {
        roles.clear();
        permissions.clear();
        claims.member("abridged", true);
    }
    write_names(claims.key("roles"), roles);
    write_names(claims.key("permissions"), permissions);
    if (purpose.is_renewable) claims.member("renewable", true);
    claims.end_object();
    return crypto::sign_jws(claims.text(), purpose.ring);
}

std::string Tokens::issue_refresh(const Bearer& bearer, Counter counter) const {
    const TimePoint now = clock_.now();
    const Session& session = bearer.session;
    // A token that a client may keep ends with its session. The session's row limits the time without use.
    const bool may_be_kept = is_kept({session.id, counter, bearer.mode}, counter) ||
                             is_kept({session.id, counter, bearer.mode}, counter + 1);
    const TimePoint rests_until = now + policy_.idle_lifetime;
    json::Writer claims;
    claims.begin_object()
        .member("token_type", kRefresh)
        .member("sid", session.id.text())
        .member("ctr", static_cast<std::int64_t>(counter))
        .member("jti", Uuid::v7(now, random_).text())
        .member("iat", unix_seconds(now))
        .member("exp",
                unix_seconds(may_be_kept ? session.expires_at : std::min(session.expires_at, rests_until)));
    if (bearer.mode == SessionMode::token) claims.member("mode", kTokenMode);
    claims.end_object();
    return crypto::sign_jws(claims.text(), keys_.refresh);
}

Result<AccessClaims> Tokens::read_access(std::string_view token, Expired expired) const {
    return read_access(token, policy_.audience, keys_.access, expired);
}

Result<AccessClaims> Tokens::read_site(std::string_view token) const {
    return read_access(token, kSiteAudience, keys_.site, Expired::refused);
}

Result<AccessClaims> Tokens::read_outside(std::string_view token) const {
    for (const auto& [audience, ring] : keys_.audiences.all()) {
        auto claims = read_access(token, audience, ring, Expired::refused);
        if (claims || claims.error().code != ErrorCode::invalid_token) return claims;
    }
    return invalid_token();
}

Result<AccessClaims> Tokens::read_outside(std::string_view token, std::string_view audience) const {
    const auto* const ring = keys_.audiences.find(audience);
    if (ring == nullptr) return invalid_token();
    return read_access(token, audience, *ring, Expired::refused);
}

bool Tokens::is_client_secret(std::string_view audience, std::string_view secret) const {
    const auto* const ring = keys_.audiences.find(audience);
    if (ring == nullptr) return false;
    bool is_one = false;
    for (const auto* const key : ring->all())
        is_one = crypto::equal_in_constant_time(client_secret_of(*key), secret) || is_one;
    return is_one;
}

Result<AccessClaims> Tokens::read_access(std::string_view token, std::string_view audience,
                                         const crypto::KeyRing& ring, Expired expired) const {
    const auto checked = crypto::check_signature(token, ring);
    if (!checked) return invalid_token();
    const ReadClaims* read = read_lately_->find(checked->signature);
    if (read == nullptr) {
        auto claims = claims_of(*checked);
        if (!claims) return invalid_token();
        read = &read_lately_->keep(checked->signature, std::move(*claims));
    }
    if (read->claims.audience != audience) return invalid_token();
    const TimePoint now = clock_.now();
    if (read->claims.issued_at > now + kLeeway || read->not_before > now + kLeeway) return invalid_token();
    if (expired == Expired::refused && read->claims.expires_at <= now)
        return Error{.code = ErrorCode::token_expired};
    return read->claims;
}

std::optional<ReadClaims> Tokens::claims_of(const crypto::SignedJws& token) const {
    const auto claims = read(token, kAccess);
    if (!claims || claims->string("iss") != policy_.issuer) return std::nullopt;
    const auto issued = *claims->integer("iat");
    const auto not_before = claims->integer("nbf");
    const auto user = UserId::parse(claims->string("sub").value_or(""));
    const auto session = SessionId::parse(claims->string("sid").value_or(""));
    const auto counter = counter_claim(*claims);
    const auto audience = claims->string("aud");
    const auto username = claims->string("username");
    const auto email = claims->string("email");
    const auto name = claims->string("name");
    const auto is_verified = claims->boolean("email_verified");
    auto roles = claims->strings("roles");
    auto permissions = claims->strings("permissions");
    if (!is_time(issued) || !not_before || !user || !session || !counter || !audience || !username ||
        !email || !name || !is_verified || !roles || !permissions)
        return std::nullopt;

    const TimePoint issued_at = time_of(issued);
    const auto longest = unix_seconds(issued_at + policy_.access_lifetime);
    return ReadClaims{
        .claims = {.audience = std::string{*audience},
                   .holder = {*user, std::string{*username}, std::string{*email}, std::string{*name},
                              *is_verified},
                   .session = *session,
                   .counter = *counter,
                   .roles = std::move(*roles),
                   .permissions = std::move(*permissions),
                   .issued_at = issued_at,
                   .expires_at = time_of(std::clamp<std::int64_t>(*claims->integer("exp"), 0, longest)),
                   .is_renewable = claims->boolean("renewable").value_or(false),
                   .is_abridged = claims->boolean("abridged").value_or(false)},
        .not_before = time_of(std::clamp<std::int64_t>(*not_before, 0, kLastSecond))};
}

Result<RefreshClaims> Tokens::read_refresh(std::string_view token) const {
    // The time of issue is not checked: the counter decides. So a clock that was set back signs no user out.
    const TimePoint now = clock_.now();
    const auto checked = crypto::check_signature(token, keys_.refresh);
    const auto claims = checked ? read(*checked, kRefresh) : std::nullopt;
    if (!claims) return invalid_token();
    if (*claims->integer("exp") <= unix_seconds(now)) return Error{.code = ErrorCode::token_expired};
    const auto session = SessionId::parse(claims->string("sid").value_or(""));
    const auto counter = counter_claim(*claims);
    if (!session || !counter) return invalid_token();
    const bool is_token_mode = claims->string("mode") == kTokenMode;
    return RefreshClaims{*session, *counter, is_token_mode ? SessionMode::token : SessionMode::cookie,
                         time_of(std::min(*claims->integer("exp"), kLastSecond))};
}

bool Tokens::is_kept(const RefreshClaims& claims, Counter present) const {
    if (claims.mode == SessionMode::cookie || policy_.rotation == Rotation::on) return false;
    // Using a newer token takes step 2. So at step 1 no newer token was used yet.
    if (claims.counter == 0 && present == 1) return true;
    return policy_.rotation == Rotation::off && claims.counter == present;
}

}  // namespace csauth::sessions
