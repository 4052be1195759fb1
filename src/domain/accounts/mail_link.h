#pragma once

#include <optional>
#include <string>

#include "accounts/one_time_tokens.h"
#include "base/clock.h"
#include "base/result.h"
#include "users/users.h"

namespace csauth::accounts {

/// What a page shows to the holder of a link before they do what it is for.
struct MailLink {
    Purpose purpose;
    std::string sent_to;  ///< the address that the mail went to

    /// The account's address: nullopt unless the mail went to it or the caller is the account's user.
    std::optional<std::string> email;

    /// The account's name: nullopt unless `email` is known, and the holder has confirmed it or was invited.
    /// Otherwise a stranger may have typed the name to advertise with it.
    std::optional<std::string> username;

    bool is_done = false;   ///< the link has done its work, and nothing is left to do
    std::string return_to;  ///< where the user wants to go after signing in; empty where nowhere
};

/// Looks at the links of mails without using them up.
class MailLinks {
public:
    MailLinks(OneTimeTokens& tokens, users::Users& users, const Clock& clock);

    /// Returns what the link is for. `caller`: the user of the session that asks, if there is one.
    /// `one_time_token_invalid`, `link_superseded`: the link does nothing any more; see spent_link().
    Result<MailLink> look_at(const PresentedToken& presented, std::optional<UserId> caller);

private:
    OneTimeTokens& tokens_;
    users::Users& users_;
    const Clock& clock_;
};

}  // namespace csauth::accounts
