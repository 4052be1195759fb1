#pragma once

#include <optional>

#include "accounts/one_time_tokens.h"
#include "base/result.h"
#include "users/users.h"

namespace csauth::accounts {

/// Returns the refusal of a link that does nothing, or nothing any more. `link_superseded`: a newer mail was
/// sent, and the link in that one works. `one_time_token_invalid`: no newer link works. The `detail` says
/// whether the link was used, has expired, or has lost to another mail. Only the holder of a token that was
/// issued learns this: `token` is its row, or nullopt if no row exists or its purpose is another one. The
/// refusal then is `one_time_token_invalid` without a detail.
Error spent_link(OneTimeTokens& tokens, users::Users& users, const std::optional<OneTimeToken>& token,
                 TimePoint now);

}  // namespace csauth::accounts
