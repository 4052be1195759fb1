#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"
#include "crypto/key_ring.h"
#include "users/user.h"

namespace csauth::accounts {

enum class Purpose { verify_email, reset_password, change_email, revert_email, invitation };

std::string_view name_of(Purpose purpose);
inline constexpr Purpose kAllPurposes[] = {Purpose::verify_email, Purpose::reset_password,
                                           Purpose::change_email, Purpose::revert_email, Purpose::invitation};

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

inline constexpr std::size_t kTypedCodeLength = 8;

/// 40 random bits for typing: 8 of 32 characters, without 0, 1, I and O.
Secret make_typed_code(Random& random);

/// Returns what is stored of a code: its HMAC-SHA-256 under a key of the seal ring. A code is short. Without
/// the key, a copy of the database does not show it, however many codes are tried.
TokenHash tag_of_code(const crypto::Key& key, UserId user, std::string_view code);

/// A code as somebody typed it: in any case, with spaces and hyphens anywhere.
struct TypedCode {
    std::string text;
    static Result<TypedCode, Complaint> parse(std::string_view given);
};

struct CodeOfToken {
    TokenHash hash;
    TimePoint expires_at;
};

/// A token's row. It is good for this user, purpose, address and epoch only.
struct OneTimeToken {
    TokenHash hash;
    Purpose purpose;
    UserId user;
    std::string email_key;     ///< the user's address when it was issued
    std::string address = {};  ///< the new address of a change, the former one of a revert
    users::Epoch epoch = 0;
    TimePoint created_at;
    TimePoint expires_at;
    std::optional<CodeOfToken> code = {};  ///< for typing instead
    bool is_consumed = false;
};

class OneTimeTokens {
public:
    virtual ~OneTimeTokens() = default;

    /// Adds it; every earlier one of its user and purpose that was not consumed is gone.
    virtual void issue(const OneTimeToken& token) = 0;

    /// Adds it beside the earlier ones.
    virtual void add(const OneTimeToken& token) = 0;

    /// Also one that was consumed or has expired.
    virtual std::optional<OneTimeToken> find(const TokenHash& hash) = 0;

    /// Takes one of the `most` tries that a user's unexpired code has, and gives its token; nothing when
    /// there is none left. To be called outside a transaction, so that a wrong guess stays counted.
    virtual std::optional<OneTimeToken> take_code_try(UserId user, Purpose purpose, unsigned most,
                                                      TimePoint now) = 0;

    /// Of several callers, one gets true.
    virtual bool consume(const TokenHash& hash, TimePoint now) = 0;

    virtual std::optional<TimePoint> last_issued(UserId user, Purpose purpose) = 0;

    /// Those of the user and purpose that were issued after `moment` are gone.
    virtual void drop_issued_after(UserId user, Purpose purpose, TimePoint moment) = 0;

    /// Every one that is kept of a user, oldest first.
    virtual std::vector<OneTimeToken> all_of(UserId user) = 0;
};

}  // namespace csauth::accounts
