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
    std::string return_to = {};  ///< where the user wants to go after signing in; empty where nowhere
};

/// The most unconsumed links of one purpose that are kept of a user. The caps on mails keep strangers below
/// it.
inline constexpr std::size_t kMostLinks = 16;

class OneTimeTokens {
public:
    virtual ~OneTimeTokens() = default;

    /// Adds the token. Every earlier unconsumed token of its user and purpose, and its code, expires at
    /// `token.created_at`.
    virtual void issue(const OneTimeToken& token) = 0;

    /// Adds the token; the earlier ones stay valid.
    virtual void add(const OneTimeToken& token) = 0;

    /// Deletes the oldest unconsumed tokens of the user and purpose until `most` are left.
    virtual void drop_oldest(UserId user, Purpose purpose, std::size_t most) = 0;

    /// Also one that was consumed or has expired.
    virtual std::optional<OneTimeToken> find(const TokenHash& hash) = 0;

    /// Takes one of the `most` tries from each unexpired code of the user and purpose. Returns the tokens
    /// whose codes had a try left, the newest first. A guess costs every code a try, so that more live codes
    /// give no more guesses at any of them. Call it outside a transaction: a wrong guess must stay counted.
    virtual std::vector<OneTimeToken> take_code_tries(UserId user, Purpose purpose, unsigned most,
                                                      TimePoint now) = 0;

    /// Of several callers, one gets true.
    virtual bool consume(const TokenHash& hash, TimePoint now) = 0;

    virtual std::optional<TimePoint> last_issued(UserId user, Purpose purpose) = 0;

    /// Those of the user and purpose that were issued after `moment` are gone.
    virtual void drop_issued_after(UserId user, Purpose purpose, TimePoint moment) = 0;

    /// Returns at most `most` tokens that are kept of a user, newest first.
    virtual std::vector<OneTimeToken> newest_of(UserId user, std::size_t most) = 0;

    /// Every one that is kept of a user, oldest first. The limits on mails bound how many there are.
    virtual std::vector<OneTimeToken> all_of(UserId user) = 0;
};

/// Adds the token; the earlier ones stay valid, at most kMostLinks of them with this one. Call it in the
/// transaction that writes the mail.
void add_beside_earlier(OneTimeTokens& tokens, const OneTimeToken& token);

/// Returns true if the token still does what it was issued for: it is neither consumed nor expired, and the
/// user's address and epoch are those that it was issued for.
bool is_live(const OneTimeToken& token, const users::User& user, TimePoint now);

/// Returns true if the user has a live link of that purpose that was sent after `since`.
bool has_live_link(OneTimeTokens& tokens, const users::User& user, Purpose purpose, TimePoint since,
                   TimePoint now);

}  // namespace csauth::accounts
