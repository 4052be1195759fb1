#include "store/user_row.h"

namespace csauth::store {

users::User account_from(const db::Row& row, TimePoint now) {
    users::User user{.id = row.id<UserId>("id"),
                     .email = row.text("email"),
                     .email_key = row.text("email_key"),
                     .username = row.text("username"),
                     .full_name = row.text("full_name"),
                     .bio = row.text("bio"),
                     .language = row.text("language"),
                     .avatar = row.optional_text("avatar"),
                     .hide_presence = row.flag("hide_presence"),
                     .is_verified = row.flag("is_verified"),
                     .was_ever_verified = row.flag("was_ever_verified"),
                     .created_at = row.time("created_at"),
                     .epoch = static_cast<users::Epoch>(row.integer("epoch"))};
    const auto until = row.optional_time("banned_until");
    if (row.optional_time("banned_at") && (!until || now < *until))
        user.ban = users::Ban{until, row.optional_text("ban_reason").value_or("")};
    return user;
}

users::User user_from(const db::Row& row, TimePoint now, const HereOnThisNode& here) {
    users::User user = account_from(row, now);
    const auto status = together(presence::status_numbered(row.integer("status")), here.status_of(user.id));
    user.is_online = shown_to_others(status) != presence::Status::offline;
    user.last_seen = row.optional_time("went_at");
    const auto vouched_at = row.optional_time("vouched_at");
    if (user.is_online)
        user.last_seen = now;
    else if (vouched_at && (!user.last_seen || *vouched_at > *user.last_seen))
        user.last_seen = vouched_at;  // the node of their devices has died
    return user;
}

}  // namespace csauth::store
