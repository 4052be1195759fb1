#pragma once

#include <optional>
#include <string_view>

#include "base/result.h"
#include "sessions/authentication.h"

namespace csauth::accounts {

/// How a person shows that an account is theirs: with a session of the account, or with its password.
struct AccountProof {
    std::optional<UserId> caller = {};  ///< the user of the session that came with the request
    std::optional<users::Password> password = {};
};

/// Checks that `proof.caller` is `owner` or that `proof.password` is the password of `owner`. A password
/// costs one password hash, so call it outside a transaction.
///
/// `authentication_required`: `proof` has neither a caller nor a password.
/// `permission_denied`: the caller is another user, and there is no password.
/// `invalid_credentials`: the password is wrong.
/// `too_many_requests`: there were too many wrong passwords before.
Result<void> require_proof(sessions::Authentication& authentication, UserId owner, const AccountProof& proof,
                           const Origin& origin);

/// Returns `error`, but with `validation_failed` (`incorrect` at `field`) in place of `invalid_credentials`.
/// It is for callers who are signed in: on a 401, clients would throw the session away.
Error wrong_password_in(std::string_view field, const Error& error);

}  // namespace csauth::accounts
