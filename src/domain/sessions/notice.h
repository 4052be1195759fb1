#pragma once

#include "base/origin.h"
#include "outbox/letter.h"
#include "users/user.h"

namespace csauth::sessions {

/// Returns a letter that tells a user what happened to their account, when, and from where. The caller adds
/// it to the outbox. It is no longer delivered after outbox::kNoticeLifetime.
outbox::Letter notice(outbox::Template which, const users::User& user, const Origin& origin, TimePoint now);

}  // namespace csauth::sessions
