#include "store/roles.h"

#include <algorithm>

#include "json/writer.h"
#include "store/role_row.h"

namespace csauth::store {
namespace {

const std::string kSelectRole = "SELECT " + kRoleColumns + " FROM roles r ";

std::string json_of(const roles::Custom& custom) {
    json::Writer json;
    json.begin_object();
    for (const auto& [name, value] : custom)
        json.key(name).raw(value);
    return json.end_object().text();
}

}  // namespace

std::vector<roles::Role> Roles::held_by(UserId user) {
    // A user has few roles, so they are sorted here. In the database the sort needs a temporary table: 100
    // µs.
    auto held =
        db_.find_all([](db::Row& row) { return role_from(row); },
                     kSelectRole + "JOIN user_roles h ON h.role_name = r.name WHERE h.user_id = ?", {user});
    std::sort(held.begin(), held.end(), roles::outranks);
    return held;
}

std::vector<roles::Role> Roles::grant_defaults(UserId user, TimePoint now) {
    auto defaults =
        db_.find_all([](db::Row& row) { return role_from(row); }, kSelectRole + "WHERE r.is_default");
    std::sort(defaults.begin(), defaults.end(), roles::outranks);
    // If a role is deleted meanwhile, its foreign key fails and the transaction starts again.
    for (const auto& role : defaults)
        db_.execute("INSERT INTO user_roles (user_id, role_name, granted_at) VALUES (?, ?, ?)",
                    {user, role.name, now});
    return defaults;
}

std::vector<roles::Role> Roles::all() {
    return db_.find_all([](db::Row& row) { return role_from(row); },
                        kSelectRole + "ORDER BY r.priority DESC, r.name");
}

std::optional<roles::Role> Roles::find(std::string_view name) {
    return db_.find_one([](db::Row& row) { return role_from(row); }, kSelectRole + "WHERE r.name = ?",
                        {name});
}

bool Roles::add(const roles::Role& role) {
    try {
        db_.execute(R"(
            INSERT INTO roles (name, description, priority, is_default, can_moderate, can_manage_users,
                               can_manage_roles, can_delete_messages, can_ban_users, custom_permissions, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))",
                    {role.name, role.description, role.priority, role.is_default, role.flags.can_moderate,
                     role.flags.can_manage_users, role.flags.can_manage_roles, role.flags.can_delete_messages,
                     role.flags.can_ban_users, json_of(role.custom), role.created_at});
    } catch (const db::DuplicateKey&) {
        return false;
    }
    return true;
}

void Roles::change(const roles::Role& role) {
    db_.execute(R"(
        UPDATE roles
           SET description = ?, priority = ?, can_moderate = ?, can_manage_users = ?, can_manage_roles = ?,
               can_delete_messages = ?, can_ban_users = ?, custom_permissions = ?
         WHERE name = ?)",
                {role.description, role.priority, role.flags.can_moderate, role.flags.can_manage_users,
                 role.flags.can_manage_roles, role.flags.can_delete_messages, role.flags.can_ban_users,
                 json_of(role.custom), role.name});
    tell_holders_of(role.name);
}

std::vector<UserId> Roles::holders_of(std::string_view name, std::size_t most) {
    return db_.find_all([](db::Row& row) { return row.id<UserId>("user_id"); },
                        "SELECT user_id FROM user_roles WHERE role_name = ? LIMIT ?", {name, most});
}

void Roles::remove(std::string_view name) {
    tell_holders_of(name);
    db_.execute("DELETE FROM user_roles WHERE role_name = ?", {name});
    db_.execute("DELETE FROM roles WHERE name = ?", {name});
}

bool Roles::grant(UserId user, std::string_view name, std::optional<UserId> granted_by, TimePoint now) {
    const bool is_new = db_.execute(R"(
        INSERT INTO user_roles (user_id, role_name, granted_at, granted_by) VALUES (?, ?, ?, ?)
            ON DUPLICATE KEY UPDATE role_name = role_name)",
                                    {user, name, now, granted_by}) == 1;
    if (is_new) tell(user);
    return is_new;
}

bool Roles::revoke(UserId user, std::string_view name) {
    const bool was_held =
        db_.execute("DELETE FROM user_roles WHERE user_id = ? AND role_name = ?", {user, name}) == 1;
    if (was_held) tell(user);
    return was_held;
}

// These queries begin with the roles, which are few. On its own the optimizer may begin with all users.
int Roles::highest_held() {
    const auto highest = db_.find_one([](db::Row& row) { return row.integer("highest"); }, R"(
        SELECT COALESCE(MAX(r.priority), ?) AS highest
          FROM roles r
         WHERE (SELECT h.role_name FROM user_roles h WHERE h.role_name = r.name LIMIT 1) IS NOT NULL)",
                                      {roles::kLowestPriority});
    return static_cast<int>(highest.value_or(roles::kLowestPriority));
}

bool Roles::has_manager(TimePoint now) {
    return db_
        .find_one([](db::Row& row) { return row.flag("found"); }, R"(
        SELECT EXISTS (SELECT 1
                         FROM roles r
                         STRAIGHT_JOIN user_roles h ON h.role_name = r.name
                         STRAIGHT_JOIN users u ON u.id = h.user_id
                        WHERE r.can_manage_roles AND u.verified_at IS NOT NULL
                          AND (u.banned_at IS NULL OR u.banned_until <= ?)) AS found)",
                  {now})
        .value_or(false);
}

bool Roles::has_peer(TimePoint now) {
    return db_
        .find_one([](db::Row& row) { return row.flag("found"); }, R"(
        SELECT EXISTS (SELECT 1
                         FROM roles r
                         STRAIGHT_JOIN user_roles h ON h.role_name = r.name
                         STRAIGHT_JOIN users u ON u.id = h.user_id
                        WHERE r.can_manage_roles AND u.verified_at IS NOT NULL
                          AND (u.banned_at IS NULL OR u.banned_until <= ?)
                          AND (SELECT MAX(a.priority) >= ? AND MAX(a.can_moderate) AND MAX(a.can_manage_users)
                                      AND MAX(a.can_delete_messages) AND MAX(a.can_ban_users)
                                 FROM user_roles g
                                 STRAIGHT_JOIN roles a ON a.name = g.role_name
                                WHERE g.user_id = u.id)) AS found)",
                  {now, highest_held()})
        .value_or(false);
}

void Roles::enter_guard() {
    if (db_.execute("UPDATE guards SET entered = entered + 1 WHERE name = 'hierarchy'") != 1)
        throw db::Failure{0, "the guard of the hierarchy is missing in the table guards"};
}

void Roles::tell_holders_of(std::string_view name) {
    recalls_.post(recall::Recall::of_role(name));
    events_.role_changed(name);
}

void Roles::tell(UserId user) {
    recalls_.post(recall::Recall::of(user));
    events_.roles_changed(user);
}

}  // namespace csauth::store
