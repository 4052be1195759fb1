#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/ids.h"
#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"
#include "users/user.h"

namespace csauth::accounts {

enum class Purpose { verify_email };

std::string_view name_of(Purpose purpose);

using TokenHash = std::array<std::uint8_t, 32>;

/// 256 random bits, as they stand in a link: 43 characters of base64url.
Secret make_one_time_token(Random& random);

/// What is stored of a token.
TokenHash hash_of(std::string_view token);

/// A token as it came from a client: of the right shape, so that it is worth a look.
struct PresentedToken {
    TokenHash hash;
    static Result<PresentedToken, Complaint> parse(std::string_view given);
};

/// A token's row. It is good for this user, purpose, address and epoch only.
struct OneTimeToken {
    TokenHash hash;
    Purpose purpose;
    UserId user;
    std::string email_key;
    users::Epoch epoch = 0;
    TimePoint created_at;
    TimePoint expires_at;
    bool is_consumed = false;
};

class OneTimeTokens {
public:
    virtual ~OneTimeTokens() = default;

    /// Adds it; every earlier one of its user and purpose that was not consumed is gone.
    virtual void issue(const OneTimeToken& token) = 0;

    /// Also one that was consumed or has expired.
    virtual std::optional<OneTimeToken> find(const TokenHash& hash) = 0;

    /// Of several callers, one gets true.
    virtual bool consume(const TokenHash& hash, TimePoint now) = 0;

    virtual std::optional<TimePoint> last_issued(UserId user, Purpose purpose) = 0;
};

}  // namespace csauth::accounts
