#pragma once

#include <optional>
#include <string_view>

#include "base/result.h"
#include "sessions/authentication.h"

namespace csauth::accounts {

/// How the one who confirms something shows that the account is theirs: a session of it, or its password.
struct AccountProof {
    std::optional<UserId> caller = {};
    std::optional<users::Password> password = {};
};

/// Whether `proof` is one of `owner`. authentication_required: there is none. permission_denied: a session of
/// another account. invalid_credentials: not the password. too_many_requests: too many wrong ones before.
Result<void> require_proof(sessions::Authentication& authentication, UserId owner, const AccountProof& proof,
                           const Origin& origin);

/// What somebody is told who is signed in and has typed a wrong password into `field`: 401 would make
/// clients throw the session away. Other errors stay as they are.
Error wrong_password_in(std::string_view field, const Error& error);

}  // namespace csauth::accounts
