#include "store/users.h"

namespace csauth::store {
namespace {

const std::string kSelectUser = R"(
    SELECT id, email, email_key, username, full_name, bio, language, hide_presence, verified_at, created_at,
           epoch, banned_at, banned_until, ban_reason, password_hash,
           EXISTS (SELECT 1 FROM devices d WHERE d.user_id = u.id AND d.is_online) AS is_online,
           (SELECT MAX(d.last_seen_at) FROM devices d WHERE d.user_id = u.id) AS last_seen_at
      FROM users u
     )";

users::User user_from(const db::Row& row, TimePoint now) {
    users::User user{.id = row.id<UserId>("id"),
                     .email = row.text("email"),
                     .email_key = row.text("email_key"),
                     .username = row.text("username"),
                     .full_name = row.text("full_name"),
                     .bio = row.text("bio"),
                     .language = row.text("language"),
                     .hide_presence = row.flag("hide_presence"),
                     .is_verified = row.optional_time("verified_at").has_value(),
                     .is_online = row.flag("is_online"),
                     .last_seen = row.optional_time("last_seen_at"),
                     .created_at = row.time("created_at"),
                     .epoch = static_cast<users::Epoch>(row.integer("epoch"))};
    const auto until = row.optional_time("banned_until");
    if (row.optional_time("banned_at") && (!until || now < *until))
        user.ban = users::Ban{until, row.optional_text("ban_reason").value_or("")};
    return user;
}

users::Credentials credentials_from(const db::Row& row, TimePoint now) {
    return {user_from(row, now), row.text("password_hash")};
}

}  // namespace

std::optional<users::User> Users::find(UserId id, TimePoint now) {
    return db_.find_one([&](db::Row& row) { return user_from(row, now); }, kSelectUser + "WHERE id = ?",
                        {id});
}

std::optional<users::User> Users::find_by_email(std::string_view email_key, TimePoint now) {
    return db_.find_one([&](db::Row& row) { return user_from(row, now); },
                        kSelectUser + "WHERE email_key = ?", {email_key});
}

std::optional<users::Credentials> Users::credentials_by_email(std::string_view email_key, TimePoint now) {
    return db_.find_one([&](db::Row& row) { return credentials_from(row, now); },
                        kSelectUser + "WHERE email_key = ?", {email_key});
}

std::optional<users::Credentials> Users::credentials_by_username(std::string_view username_key,
                                                                 TimePoint now) {
    return db_.find_one([&](db::Row& row) { return credentials_from(row, now); },
                        kSelectUser + "WHERE username_key = ?", {username_key});
}

std::optional<users::Credentials> Users::credentials(UserId id, TimePoint now) {
    return db_.find_one([&](db::Row& row) { return credentials_from(row, now); },
                        kSelectUser + "WHERE id = ?", {id});
}

users::Taken Users::taken(std::string_view email_key, std::string_view username_key) {
    const auto found = db_.find_one(
        [](db::Row& row) {
            return users::Taken{row.flag("email"), row.flag("username")};
        },
        R"(
        SELECT EXISTS (SELECT 1 FROM users WHERE email_key = ?) AS email,
               EXISTS (SELECT 1 FROM users WHERE username_key = ?) AS username)",
        {email_key, username_key});
    return found.value_or(users::Taken{});
}

users::Taken Users::add(const users::NewUser& user) {
    try {
        db_.execute(R"(
            INSERT INTO users (id, email, email_key, username, username_key, password_hash, full_name, bio, language,
                               created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?))",
                    {user.id, user.email.text(), user.email.key(), user.username.text(), user.username.key(),
                     user.password_hash, user.full_name.text, user.bio.text, user.language, user.created_at});
    } catch (const db::DuplicateKey& duplicate) {
        if (duplicate.index() == "users_email_key") return {.email = true};
        if (duplicate.index() == "users_username_key") return {.username = true};
        throw;
    }
    return {};
}

bool Users::mark_verified(UserId id, std::string_view email_key, users::Epoch epoch, TimePoint now) {
    return db_.execute(R"(
        UPDATE users
           SET verified_at = ?
         WHERE id = ? AND email_key = ? AND epoch = ? AND verified_at IS NULL)",
                       {now, id, email_key, epoch}) == 1;
}

void Users::replace_password_hash(UserId id, std::string_view verified, std::string_view fresh) {
    db_.execute("UPDATE users SET password_hash = ? WHERE id = ? AND password_hash = ?",
                {fresh, id, verified});
}

void Users::raise_epoch(UserId id) { db_.execute("UPDATE users SET epoch = epoch + 1 WHERE id = ?", {id}); }

}  // namespace csauth::store
