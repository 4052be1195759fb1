#include "accounts/spent_link.h"

#include "accounts/email_change.h"

namespace csauth::accounts {
namespace {

constexpr const char* kUsed = "This link was used already.";
constexpr const char* kUsedAndNewerWorks =
    "This link was used already. A newer mail was sent: use the link in that one.";
constexpr const char* kNewerWorks = "A newer mail was sent: use the link in that one.";
constexpr const char* kNewerUsed = "A newer mail was sent, and the link in that one was used.";
constexpr const char* kEarlierUsed = "The link in an earlier mail was used.";
constexpr const char* kExpired = "This link has expired. Ask for a new mail.";
constexpr const char* kAccountChanged =
    "The account has changed since this mail was sent. Ask for a new mail.";
constexpr const char* kRevertExpired =
    "This link has expired: a change of address can be taken back for 72 hours.";
static_assert(kRevertLifetime == std::chrono::hours{72});
constexpr const char* kRevertVoid =
    "The account has changed since this mail was sent, and this change can no longer be taken back.";

/// What became of the other tokens of the same user and purpose.
struct Others {
    bool newer_works = false;
    bool newer_was_used = false;
    bool earlier_was_used = false;
};

Others others_of(OneTimeTokens& tokens, users::Users& users, const OneTimeToken& token, TimePoint now) {
    Others others;
    const auto user = users.find(token.user, now);
    if (!user) return others;
    for (const auto& other : tokens.all_of(token.user)) {
        if (other.purpose != token.purpose || other.hash == token.hash) continue;
        const bool is_newer = other.created_at > token.created_at;
        others.newer_works = others.newer_works || (is_newer && is_live(other, *user, now));
        // With another epoch it was used before this token was issued, or after the account changed.
        const bool was_used = other.is_consumed && other.epoch == token.epoch;
        others.newer_was_used = others.newer_was_used || (is_newer && was_used);
        others.earlier_was_used = others.earlier_was_used || (!is_newer && was_used);
    }
    return others;
}

Error refusal_of(OneTimeTokens& tokens, users::Users& users, const OneTimeToken& token, TimePoint now) {
    const auto invalid = [](const char* detail) {
        return Error{.code = ErrorCode::one_time_token_invalid, .detail = detail};
    };
    const auto superseded = [](const char* detail) {
        return Error{.code = ErrorCode::link_superseded, .detail = detail};
    };
    const bool has_expired = now >= token.expires_at;
    // A newer link that takes a change of address back replaces no earlier one, and nobody can ask for one.
    if (token.purpose == Purpose::revert_email)
        return invalid(token.is_consumed ? kUsed : has_expired ? kRevertExpired : kRevertVoid);
    const auto others = others_of(tokens, users, token, now);
    if (token.is_consumed) return others.newer_works ? superseded(kUsedAndNewerWorks) : invalid(kUsed);
    if (others.newer_works) return superseded(kNewerWorks);
    if (others.newer_was_used) return invalid(kNewerUsed);
    if (others.earlier_was_used) return invalid(kEarlierUsed);
    return invalid(has_expired ? kExpired : kAccountChanged);
}

}  // namespace

Error spent_link(OneTimeTokens& tokens, users::Users& users, const std::optional<OneTimeToken>& token,
                 TimePoint now) {
    return token ? refusal_of(tokens, users, *token, now) : Error{.code = ErrorCode::one_time_token_invalid};
}

}  // namespace csauth::accounts
