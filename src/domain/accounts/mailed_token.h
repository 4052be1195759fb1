#pragma once

#include <chrono>

#include "accounts/one_time_tokens.h"
#include "base/random.h"
#include "outbox/letter.h"
#include "users/user.h"

namespace csauth::accounts {

/// A new one-time token with the mail that carries it. Write both in one transaction. Only the hash of the
/// token is stored; the mail has the token itself.
struct MailedToken {
    OneTimeToken row;
    outbox::Letter letter;
};

/// Returns a token for the user's present address and epoch, and a letter to that address in the user's
/// language. Both are of no use after `lifetime`. Writes nothing.
MailedToken make_mailed_token(Random& random, Purpose purpose, outbox::Template which,
                              const users::User& user, TimePoint now, std::chrono::seconds lifetime);

}  // namespace csauth::accounts
