#include "store/grants.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace csauth::store {
namespace {

/// A right by its name in SQL.
struct Named {
    const char* name;
    bool Rights::*member;
};
constexpr std::array<Named, 4> kNamed{{{"SELECT", &Rights::selects},
                                       {"INSERT", &Rights::inserts},
                                       {"UPDATE", &Rights::updates},
                                       {"DELETE", &Rights::deletes}}};

constexpr Rights kAll{true, true, true, true};
constexpr Rights kAppend{.selects = true, .inserts = true};
constexpr Rights kRead{.selects = true};
constexpr Rights kNone{};

/// The tables on which some account has less than all rights.
struct Guarded {
    std::string_view table;
    Rights service;
    Rights keeper;
};
constexpr Guarded kGuarded[] = {
    {"audit_log", kAppend, kAll},        {"audit_batches", kRead, kAll}, {"audit_beginning", kRead, kAll},
    {"erasures", kAppend, kAll},  // an erasure that could be withdrawn would leave personal data
    {"schema_migrations", kRead, kRead}, {"schema_lock", kNone, kNone},
};

constexpr std::string_view kTablesOfMigrator[] = {"schema_migrations", "schema_lock"};

constexpr std::array kDenied{1142, 1143};  // ER_TABLEACCESS_DENIED_ERROR, ER_COLUMNACCESS_DENIED_ERROR

/// Returns true unless the account lacks a right for the statement. Any other error means that the statement
/// passed that check.
bool is_allowed(db::Database& database, const std::string& statement) {
    try {
        database.execute_text(statement);
        return true;
    } catch (const db::Failure& failure) {
        return std::find(kDenied.begin(), kDenied.end(), failure.code()) == kDenied.end();
    }
}

/// Returns a statement that needs this right and touches no row. `column` is any column of the table.
std::string trial(const Named& right, const std::string& table, const std::string& column) {
    if (right.member == &Rights::selects) return "DO (SELECT COUNT(*) FROM " + table + " WHERE 1 = 0)";
    if (right.member == &Rights::inserts)
        return "INSERT INTO " + table + " (" + column + ") SELECT " + column + " FROM " + table +
               " WHERE 1 = 0";
    if (right.member == &Rights::updates)
        return "UPDATE " + table + " SET " + column + " = " + column + " WHERE 1 = 0";
    return "DELETE FROM " + table + " WHERE 1 = 0";
}

/// Returns the first column of each table that the account sees. It sees the tables on which it has any
/// right.
std::map<std::string, std::string> first_columns(db::Database& database) {
    std::map<std::string, std::string> columns;
    database.for_each([&](db::Row& row) { columns.emplace(row.text("of_table"), row.text("named")); }, R"(
        SELECT table_name AS of_table, column_name AS named
          FROM information_schema.columns
         WHERE table_schema = DATABASE() AND ordinal_position = 1)");
    return columns;
}

std::string quoted(std::string_view text, char quote) {
    std::string result{quote};
    for (const char c : text) {
        if (c == quote || (c == '\\' && quote == '\'')) result += c;
        result += c;
    }
    return result += quote;
}

/// "SELECT, INSERT"
std::string listed(const Rights& rights) {
    std::string list;
    for (const auto& right : kNamed)
        if (rights.*right.member) list.append(list.empty() ? "" : ", ").append(right.name);
    return list;
}

/// "GRANT SELECT, INSERT ON place TO account"
std::string statement(std::string verb, const Rights& rights, std::string_view place,
                      std::string_view account) {
    return verb.append(" ").append(listed(rights)).append(" ON ").append(place).append(" ").append(account);
}

bool is_none(const Rights& rights) { return rights == kNone; }

Rights without(Rights rights, const Rights& others) {
    for (const auto& right : kNamed)
        rights.*right.member = rights.*right.member && !(others.*right.member);
    return rights;
}

void add(Rights& rights, const std::string& name) {
    for (const auto& right : kNamed)
        if (name == right.name) rights.*right.member = true;
}

/// The grants of one account in the server's lists.
struct Held {
    Rights everywhere;
    std::map<std::string, Rights> by_schema;  ///< by the pattern that the name of the schema matches
    std::map<std::string, Rights> by_table;
};

Held held_by(db::Database& own, const std::string& grantee, const std::string& schema) {
    Held held;
    own.for_each([&](db::Row& row) { add(held.everywhere, row.text("granted")); },
                 "SELECT privilege_type AS granted FROM information_schema.user_privileges WHERE grantee = ?",
                 {grantee});
    own.for_each([&](db::Row& row) { add(held.by_schema[row.text("pattern")], row.text("granted")); },
                 R"(
        SELECT table_schema AS pattern, privilege_type AS granted
          FROM information_schema.schema_privileges
         WHERE grantee = ? AND ? LIKE table_schema)",
                 {grantee, schema});
    own.for_each([&](db::Row& row) { add(held.by_table[row.text("of_table")], row.text("granted")); },
                 R"(
        SELECT table_name AS of_table, privilege_type AS granted
          FROM information_schema.table_privileges
         WHERE grantee = ? AND table_schema = ?)",
                 {grantee, schema});
    return held;
}

}  // namespace

Rights rights_on(std::string_view table, Account account) {
    for (const auto& guarded : kGuarded)
        if (guarded.table == table) return account == Account::service ? guarded.service : guarded.keeper;
    return kAll;
}

std::vector<std::string> tables_of(std::span<const db::Migration> migrations) {
    std::set<std::string> tables{std::begin(kTablesOfMigrator), std::end(kTablesOfMigrator)};
    const auto name_behind = [](std::string_view line, std::string_view words) {
        line.remove_prefix(words.size());
        return std::string{line.substr(0, line.find_first_of(" (;"))};
    };
    for (const auto& migration : migrations) {
        for (std::string_view rest = migration.sql; !rest.empty();) {
            const auto end = std::min(rest.find('\n'), rest.size());
            const auto line = rest.substr(0, end);
            rest.remove_prefix(std::min(end + 1, rest.size()));
            if (line.starts_with("CREATE TABLE ")) tables.insert(name_behind(line, "CREATE TABLE "));
            if (line.starts_with("DROP TABLE ")) tables.erase(name_behind(line, "DROP TABLE "));
        }
    }
    return {tables.begin(), tables.end()};
}

std::vector<std::string> lacking_rights(db::Database& database, Account account) {
    const auto columns = first_columns(database);
    std::vector<std::string> lacking;
    for (const auto& table : tables_of(db::all_migrations())) {
        const Rights wanted = rights_on(table, account);
        const auto column = columns.find(table);
        for (const auto& right : kNamed) {
            if (!(wanted.*right.member)) continue;
            if (column == columns.end() || !is_allowed(database, trial(right, table, column->second)))
                lacking.push_back(std::string{right.name} + ' ' + table);
        }
    }
    return lacking;
}

bool may_change_audit_log(db::Database& database) {
    const auto columns = first_columns(database);
    return std::any_of(std::begin(kGuarded), std::end(kGuarded), [&](const Guarded& guarded) {
        const auto column = columns.find(std::string{guarded.table});
        if (column == columns.end()) return false;
        return std::any_of(kNamed.begin(), kNamed.end(), [&](const Named& right) {
            const bool is_change = right.member == &Rights::updates || right.member == &Rights::deletes;
            return is_change && is_allowed(database, trial(right, column->first, column->second));
        });
    });
}

std::vector<std::string> missing_grants(db::Database& own, const std::string& schema, Account account) {
    const auto name =
        own.find_one([](db::Row& row) { return row.text("name"); }, "SELECT CURRENT_USER() AS name");
    const std::string user = name.value_or("@");
    const auto at = user.rfind('@');
    const auto host = user.substr(at + 1);
    const Held held = held_by(own, '\'' + user.substr(0, at) + "'@'" + host + '\'', schema);
    const std::string grantee = quoted(user.substr(0, at), '\'') + '@' + quoted(host, '\'');
    const bool keeps_others = account == Account::service_and_keeper;

    Rights of_schema = held.everywhere;
    std::vector<std::string> revokes;
    for (const auto& [pattern, rights] : held.by_schema) {
        for (const auto& right : kNamed)
            if (keeps_others && rights.*right.member) of_schema.*right.member = true;
        if (!keeps_others && !is_none(rights))
            revokes.push_back(statement("REVOKE", rights, quoted(pattern, '`') + ".*", "FROM " + grantee));
    }
    std::vector<std::string> statements;
    for (const auto& table : tables_of(db::all_migrations())) {
        const std::string place = quoted(schema, '`') + '.' + quoted(table, '`');
        const Rights wanted = rights_on(table, account);
        const auto found = held.by_table.find(table);
        const Rights of_table = found == held.by_table.end() ? kNone : found->second;
        const Rights missing = without(without(wanted, of_table), of_schema);
        if (!is_none(missing)) statements.push_back(statement("GRANT", missing, place, "TO " + grantee));
        const Rights excess = without(of_table, wanted);
        if (!keeps_others && !is_none(excess))
            revokes.push_back(statement("REVOKE", excess, place, "FROM " + grantee));
    }
    statements.insert(statements.end(), revokes.begin(), revokes.end());
    return statements;
}

}  // namespace csauth::store
