#pragma once

#include <string_view>

#include "base/result.h"
#include "users/context_words.h"
#include "users/password.h"
#include "users/username.h"

namespace csauth::accounts {

/// Refuses a password that is easily guessed from the account or the site, with a complaint about the
/// member `field`.
///
/// `validation_failed` with the field code `resembles_account`: it is much like the username, the address or
/// the name. With `predictable_password`: it is a word of the site (see users::ContextWords).
Result<void> refuse_guessable(std::string_view field, const users::NewPassword& password,
                              std::string_view username, std::string_view email, std::string_view full_name,
                              const users::ContextWords& context);

/// Refuses a new username that mail programs and chats would turn into a link.
///
/// `validation_failed` with the field code `invalid` at `/username`: see users::looks_like_web_address().
Result<void> refuse_web_address(const users::Username& name);

}  // namespace csauth::accounts
