#include "store/user_directory.h"

#include "base/lists.h"
#include "db/query.h"
#include "store/user_row.h"

namespace csauth::store {
namespace {

using users::Status;

const std::string kColumns = kUserColumns + R"(,
    (SELECT GROUP_CONCAT(r.name ORDER BY r.priority DESC, r.name)
       FROM user_roles g JOIN roles r ON r.name = g.role_name
      WHERE g.user_id = u.id) AS roles)";

users::ListedUser listed_from(const db::Row& row, TimePoint now, const HereOnThisNode& here) {
    users::ListedUser listed{.user = user_from(row, now, here),
                             .roles = split_list(row.optional_text("roles").value_or("")),
                             .position = {}};
    return listed;
}

/// Returns a pattern for LIKE … ESCAPE '|' that matches texts with this prefix.
std::string pattern_of(std::string_view prefix) {
    std::string pattern;
    for (const char c : prefix) {
        if (c == '%' || c == '_' || c == '|') pattern += '|';
        pattern += c;
    }
    return pattern + '%';
}

void narrow(db::Query& query, const users::UserFilter& filter, TimePoint now) {
    switch (filter.status.value_or(Status::active)) {
        case Status::banned:
            query.add(" AND u.is_banned = 1 AND (u.banned_until IS NULL OR u.banned_until > ?)", {now});
            break;
        case Status::unverified:
            query.add(" AND u.verified_at IS NULL AND (u.banned_at IS NULL OR u.banned_until <= ?)", {now});
            break;
        case Status::active:
            if (filter.status)
                query.add(" AND u.verified_at IS NOT NULL AND (u.banned_at IS NULL OR u.banned_until <= ?)",
                          {now});
            break;
    }
    if (filter.created_since) query.add(" AND u.id >= ?", {Uuid::first_of(*filter.created_since)});
}

// Looks into an index once for each user. The optimizer may turn an EXISTS into a join that begins with all
// holders.
constexpr std::string_view kHoldsRole =
    " AND (SELECT 1 FROM user_roles h WHERE h.user_id = u.id AND h.role_name = ?) = 1";

}  // namespace

std::optional<std::vector<users::ListedUser>> UserDirectory::page(const users::UserFilter& filter,
                                                                  std::string_view position, std::size_t most,
                                                                  TimePoint now) {
    if (filter.search) return found_by_name(filter, position, most, now);
    std::optional<UserId> before;
    if (!position.empty()) {
        before = UserId::parse(position);
        if (!before) return std::nullopt;
    }
    return newest_first(filter, before, most, now);
}

std::vector<users::ListedUser> UserDirectory::newest_first(const users::UserFilter& filter,
                                                           std::optional<UserId> before, std::size_t most,
                                                           TimePoint now) {
    const bool is_along_role = filter.role && filter.status.value_or(Status::active) == Status::active;
    db::Query query;
    if (is_along_role) {
        query.add("SELECT STRAIGHT_JOIN " + kColumns +
                      " FROM user_roles h FORCE INDEX (user_roles_role) JOIN users u ON u.id = h.user_id "
                      "WHERE h.role_name = ?",
                  {*filter.role});
        if (before) query.add(" AND h.user_id < ?", {*before});
        if (filter.created_since) query.add(" AND h.user_id >= ?", {Uuid::first_of(*filter.created_since)});
    } else {
        const auto* index = filter.status == Status::banned       ? "users_banned"
                            : filter.status == Status::unverified ? "users_verified_at"
                                                                  : "PRIMARY";
        query.add("SELECT " + kColumns + " FROM users u FORCE INDEX (" + index + ") WHERE TRUE");
        if (before) query.add(" AND u.id < ?", {*before});
        if (filter.role) query.add(kHoldsRole, {*filter.role});
    }
    narrow(query, filter, now);
    query.add(is_along_role ? " ORDER BY h.user_id DESC LIMIT ?" : " ORDER BY u.id DESC LIMIT ?", {most});
    return db_.find_all(
        [&](db::Row& row) {
            auto listed = listed_from(row, now, here_);
            listed.position = listed.user.id.text();
            return listed;
        },
        query.sql, query.values);
}

std::vector<users::ListedUser> UserDirectory::found_by_name(const users::UserFilter& filter,
                                                            std::string_view position, std::size_t most,
                                                            TimePoint now) {
    const auto pattern = pattern_of(filter.search->key);
    db::Query query;
    const auto add_walk = [&](const char* column, const char* index) {
        query.add(std::string{"(SELECT "} + kColumns + ", u." + column +
                      " AS position FROM users u FORCE INDEX (" + index + ") WHERE u." + column +
                      " LIKE ? ESCAPE '|' AND u." + column + " > ?",
                  {pattern, position});
        if (filter.role) query.add(kHoldsRole, {*filter.role});
        narrow(query, filter, now);
    };
    add_walk("username_key", "users_username_key");
    query.add(" ORDER BY u.username_key LIMIT ?) UNION ALL ", {most});
    add_walk("email_key", "users_email_key");
    // Lists a user that both walks find only once.
    query.add(" AND u.username_key NOT LIKE ? ESCAPE '|' ORDER BY u.email_key LIMIT ?)", {pattern, most});
    query.add(" ORDER BY position LIMIT ?", {most});
    return db_.find_all(
        [&](db::Row& row) {
            auto listed = listed_from(row, now, here_);
            listed.position = row.text("position");
            return listed;
        },
        query.sql, query.values);
}

}  // namespace csauth::store
