#include "sessions/notice.h"

#include "base/timestamps.h"

namespace csauth::sessions {

outbox::Letter notice(outbox::Template which, const users::User& user, const Origin& origin, TimePoint now) {
    return {.which = which,
            .language = user.language,
            .recipient = user.email,
            .user = user.id,
            .parameters = {{"username", user.username},
                           {"ip", origin.ip},
                           {"user_agent", origin.user_agent},
                           {"time", minute_in_utc(now)}},
            .give_up_at = now + outbox::kNoticeLifetime};
}

}  // namespace csauth::sessions
