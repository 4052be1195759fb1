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

/// What the link of a mail is for. The link of `revert_email` takes a change of address back. The link of
/// `invitation` sets the first password of an account that somebody else has created.
enum class Purpose { verify_email, reset_password, change_email, revert_email, invitation };

/// Returns the name that the database and clients see: "verify_email".
std::string_view name_of(Purpose purpose);
inline constexpr Purpose kAllPurposes[] = {Purpose::verify_email, Purpose::reset_password,
                                           Purpose::change_email, Purpose::revert_email, Purpose::invitation};

/// The SHA-256 of a token, or the tag of a typed code.
using TokenHash = std::array<std::uint8_t, 32>;

/// Returns a new token of 256 random bits in the form that links have: 43 characters of base64url.
Secret make_one_time_token(Random& random);

/// Returns what is stored of a token: the SHA-256 of its text.
TokenHash hash_of(std::string_view token);

/// The hash of a token that a client has sent. It has the right shape; only OneTimeTokens::find() tells
/// whether it exists.
struct PresentedToken {
    TokenHash hash;

    /// `invalid`: the text is not 43 characters of base64url.
    static Result<PresentedToken, Complaint> parse(std::string_view given);
};

/// The characters of a typed code, without spaces and hyphens.
inline constexpr std::size_t kTypedCodeLength = 8;

/// Returns a new code of 40 random bits for typing: 8 of 32 characters, without 0, 1, I and O.
Secret make_typed_code(Random& random);

/// Returns what is stored of a code: its HMAC-SHA-256 under a key of the seal ring, for this user. Codes are
/// short. Without the key, nobody who has a copy of the database can find a code by trying all of them.
TokenHash tag_of_code(const crypto::Key& key, UserId user, std::string_view code);

/// A code that a user has typed: in upper case, without spaces and hyphens.
struct TypedCode {
    std::string text;

    /// Accepts a code in any case, with spaces and hyphens anywhere.
    /// `invalid`: the rest is not 8 characters of the alphabet.
    static Result<TypedCode, Complaint> parse(std::string_view given);
};

/// The typed code that came with a link. It expires before the link does.
struct CodeOfToken {
    TokenHash hash;
    TimePoint expires_at;
};

/// The row of a token. The token works for this user, purpose, address and epoch only.
struct OneTimeToken {
    TokenHash hash;
    Purpose purpose;
    UserId user;
    std::string email_key;     ///< the key of the account's address when the token was issued
    std::string address = {};  ///< the new address of a change, the former one of a revert; otherwise empty
    users::Epoch epoch = 0;
    TimePoint created_at;
    TimePoint expires_at;
    std::optional<CodeOfToken> code = {};  ///< for typing instead of following the link
    bool is_consumed = false;
    std::string return_to = {};  ///< the return address; empty if there is none
};

/// The most unconsumed links of one purpose that are kept for a user. The caps on mails are lower, so a
/// stranger who asks for mails pushes no live link out.
inline constexpr std::size_t kMostLinks = 16;

/// The one-time tokens. A call takes part in the transaction of the caller, if there is one. The keeper
/// deletes tokens some time after they have expired.
class OneTimeTokens {
public:
    virtual ~OneTimeTokens() = default;

    /// Adds the token. Every earlier unconsumed token of its user and purpose, and its code, expires at
    /// `token.created_at`.
    virtual void issue(const OneTimeToken& token) = 0;

    /// Adds the token. Earlier ones stay valid.
    virtual void add(const OneTimeToken& token) = 0;

    /// Deletes the oldest unconsumed tokens of the user and purpose until `most` are left.
    virtual void drop_oldest(UserId user, Purpose purpose, std::size_t most) = 0;

    /// Returns the token, even if it was consumed or has expired, or nullopt if there is none.
    virtual std::optional<OneTimeToken> find(const TokenHash& hash) = 0;

    /// Takes one of the `most` tries from each unexpired code of the user and purpose. Returns the tokens
    /// whose codes had a try left, newest first. A guess costs every code a try, so that more live codes give
    /// no more guesses at any of them. Call it outside a transaction: a wrong guess must stay counted.
    virtual std::vector<OneTimeToken> take_code_tries(UserId user, Purpose purpose, unsigned most,
                                                      TimePoint now) = 0;

    /// Marks the token as consumed at `now`. Returns false if it does not exist, was consumed before, or has
    /// expired. If several callers consume it at once, one gets true.
    virtual bool consume(const TokenHash& hash, TimePoint now) = 0;

    /// Returns when the newest token of the user and purpose was issued, or nullopt if none is kept.
    virtual std::optional<TimePoint> last_issued(UserId user, Purpose purpose) = 0;

    /// Deletes the tokens of the user and purpose that were issued after `moment`, also consumed ones.
    virtual void drop_issued_after(UserId user, Purpose purpose, TimePoint moment) = 0;

    /// Returns at most `most` tokens of the user, for any purpose, newest first.
    virtual std::vector<OneTimeToken> newest_of(UserId user, std::size_t most) = 0;

    /// Returns all tokens of the user that are kept, for any purpose, oldest first. The limits on mails bound
    /// their number.
    virtual std::vector<OneTimeToken> all_of(UserId user) = 0;
};

/// Adds the token. Earlier ones stay valid, at most kMostLinks of its user and purpose with this one. Call it
/// in the transaction that writes the mail.
void add_beside_earlier(OneTimeTokens& tokens, const OneTimeToken& token);

/// Returns true if the token still does what it was issued for. It is neither consumed nor expired, and the
/// user's address and epoch are those that it was issued for.
bool is_live(const OneTimeToken& token, const users::User& user, TimePoint now);

/// Returns true if the user has a live link of that purpose that was issued after `since`.
bool has_live_link(OneTimeTokens& tokens, const users::User& user, Purpose purpose, TimePoint since,
                   TimePoint now);

}  // namespace csauth::accounts
