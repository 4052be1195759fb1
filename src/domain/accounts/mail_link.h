#pragma once

#include <optional>
#include <string>

#include "accounts/one_time_tokens.h"
#include "base/clock.h"
#include "base/result.h"
#include "users/users.h"

namespace csauth::accounts {

/// What a page shows about a link before its holder uses it.
struct MailLink {
    Purpose purpose;
    std::string sent_to;  ///< the address that the mail went to

    /// The account's address: nullopt unless the mail went to it or the caller is the account's user.
    std::optional<std::string> email;

    /// The account's name. The account's user always gets it. Another holder gets it if the mail went to the
    /// account's address and either an address was confirmed before or the link is an invitation. Otherwise
    /// it is nullopt: a stranger may have typed the name to advertise with it.
    std::optional<std::string> username;

    bool is_done = false;   ///< using the link again succeeds without effect
    std::string return_to;  ///< the return address; empty if there is none
};

/// Looks at the links of mails without using them up.
class MailLinks {
public:
    MailLinks(OneTimeTokens& tokens, users::Users& users, const Clock& clock);

    /// Returns what the link is for, and does not use it up. `caller`: the user of the session that asks, if
    /// there is one.
    ///
    /// `one_time_token_invalid`, `link_superseded`: the link no longer works; see spent_link().
    Result<MailLink> look_at(const PresentedToken& presented, std::optional<UserId> caller);

private:
    OneTimeTokens& tokens_;
    users::Users& users_;
    const Clock& clock_;
};

}  // namespace csauth::accounts
