#pragma once

#include <optional>

#include "accounts/one_time_tokens.h"
#include "base/result.h"
#include "users/users.h"

namespace csauth::accounts {

/// Returns the refusal for a link that does not work. `token`: its row, or nullopt if there is no row or the
/// row has another purpose.
///
/// `link_superseded`: a newer mail was sent, and the link in that one works.
/// `one_time_token_invalid`: no newer link works. The `detail` says whether the link was used, has expired,
/// or has lost to another mail. Without a row there is no detail: only the holder of a token that was issued
/// learns this.
Error spent_link(OneTimeTokens& tokens, users::Users& users, const std::optional<OneTimeToken>& token,
                 TimePoint now);

}  // namespace csauth::accounts
