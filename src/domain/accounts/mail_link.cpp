#include "accounts/mail_link.h"

#include "accounts/spent_link.h"
#include "users/email.h"

namespace csauth::accounts {
namespace {

/// Returns true if using the link would change something.
bool works(const OneTimeToken& token, const users::User& user, TimePoint now) {
    if (token.purpose != Purpose::revert_email) return is_live(token, user, now);
    // A revert works whatever has happened to the account since.
    return !token.is_consumed && now < token.expires_at && user.email_key != token.email_key;
}

/// Returns true if the link may be used once more, with success and without effect.
bool is_done(const OneTimeToken& token, const users::User& user, TimePoint now) {
    if (now >= token.expires_at || token.epoch != user.epoch) return false;
    if (token.purpose == Purpose::verify_email) return user.is_verified && user.email_key == token.email_key;
    if (token.purpose != Purpose::change_email || !token.is_consumed) return false;
    const auto address = users::Email::parse(token.address);
    return address && address->key() == user.email_key;
}

MailLink shown(const OneTimeToken& token, const users::User& user, std::optional<UserId> caller) {
    MailLink link{.purpose = token.purpose,
                  .sent_to = token.address.empty() ? user.email : token.address,
                  .email = {},
                  .username = {},
                  .return_to = token.return_to};
    const bool is_own = caller == user.id;
    const bool went_to_account = link.sent_to == user.email;
    if (went_to_account || is_own) link.email = user.email;
    if (is_own || (went_to_account && (user.was_ever_verified || token.purpose == Purpose::invitation)))
        link.username = user.username;
    return link;
}

}  // namespace

MailLinks::MailLinks(OneTimeTokens& tokens, users::Users& users, const Clock& clock)
    : tokens_{tokens}, users_{users}, clock_{clock} {}

Result<MailLink> MailLinks::look_at(const PresentedToken& presented, std::optional<UserId> caller) {
    const TimePoint now = clock_.now();
    const auto token = tokens_.find(presented.hash);
    const auto user = token ? users_.find(token->user, now) : std::nullopt;
    if (!user) return spent_link(tokens_, users_, std::nullopt, now);
    const bool has_done = is_done(*token, *user, now);
    if (!has_done && !works(*token, *user, now)) return spent_link(tokens_, users_, token, now);
    MailLink link = shown(*token, *user, caller);
    link.is_done = has_done;
    return link;
}

}  // namespace csauth::accounts
