#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "db/database.h"
#include "db/migrations.h"

namespace csauth::store {

/// An account of the database, by its task. All processes but the keeper use `service`, and the keeper uses
/// `keeper`. If the configuration has no account for the keeper, one account does both: `service_and_keeper`.
enum class Account { service, keeper, service_and_keeper };

/// The rights of an account on the rows of a table.
struct Rights {
    bool selects = false;
    bool inserts = false;
    bool updates = false;
    bool deletes = false;

    friend bool operator==(const Rights&, const Rights&) = default;
};

/// Returns the rights that the account needs on the table, and the only ones that it should have. The service
/// appends to the audit log and requests erasures; the keeper alone seals, erases and removes.
Rights rights_on(std::string_view table, Account account);

/// Returns the tables that exist after these migrations, and those of the migrator itself, sorted by name.
std::vector<std::string> tables_of(std::span<const db::Migration> migrations);

/// Returns the rights that the account lacks, such as "UPDATE users"; empty if it lacks none. Tries each with
/// a statement that touches no row, so it also finds rights that a role gives, which no list of grants shows.
/// `database` is a connection of that account.
std::vector<std::string> lacking_rights(db::Database& database, Account account);

/// Returns true if this connection's account may change or remove rows of the audit log, its seals, or the
/// list of migrations. Tries it like lacking_rights().
bool may_change_audit_log(db::Database& database);

/// Returns the GRANT statements that give the account its rights on each table of `schema`. After them come
/// the REVOKE statements that take away other rights on the schema or its tables. Empty if the grants are
/// right. Returns no REVOKE for Account::service_and_keeper. Runs none of the statements. `own` is a
/// connection of that account, to any schema.
std::vector<std::string> missing_grants(db::Database& own, const std::string& schema, Account account);

}  // namespace csauth::store
