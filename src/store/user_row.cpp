#include "store/user_row.h"

namespace csauth::store {

users::User user_from(const db::Row& row, TimePoint now) {
    const TimePoint created_at = row.time("created_at");
    const auto unverified_since = row.optional_time("unverified_since");
    users::User user{.id = row.id<UserId>("id"),
                     .email = row.text("email"),
                     .email_key = row.text("email_key"),
                     .username = row.text("username"),
                     .full_name = row.text("full_name"),
                     .bio = row.text("bio"),
                     .language = row.text("language"),
                     .avatar = row.optional_text("avatar"),
                     .hide_presence = row.flag("hide_presence"),
                     .is_verified = row.optional_time("verified_at").has_value(),
                     .was_ever_verified = !unverified_since || *unverified_since > created_at,
                     .is_online = row.flag("is_online"),
                     .last_seen = row.optional_time("last_seen_at"),
                     .created_at = created_at,
                     .epoch = static_cast<users::Epoch>(row.integer("epoch"))};
    const auto until = row.optional_time("banned_until");
    if (row.optional_time("banned_at") && (!until || now < *until))
        user.ban = users::Ban{until, row.optional_text("ban_reason").value_or("")};
    return user;
}

}  // namespace csauth::store
