#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "db/database.h"
#include "db/migrations.h"

namespace csauth::store {

/// Accounts of the database, by what they do. The first is the account of every process but the keeper, the
/// second is the keeper's. The third does both, where the configuration has no account for the keeper.
enum class Account { service, keeper, service_and_keeper };

/// What an account may do with the rows of a table.
struct Rights {
    bool selects = false;
    bool inserts = false;
    bool updates = false;
    bool deletes = false;

    friend bool operator==(const Rights&, const Rights&) = default;
};

/// The rights that the account needs on the table, and the only ones that it should have. The service appends
/// to the audit log and requests erasures; the keeper alone seals, erases and removes.
Rights rights_on(std::string_view table, Account account);

/// The tables that exist once these migrations are applied, and those of the migrator itself.
std::vector<std::string> tables_of(std::span<const db::Migration> migrations);

/// Tries what the account needs, with statements that touch no row. Returns what the database refused:
/// "UPDATE users". Counts rights by role, which no list of grants shows. `database` is a connection of that
/// account.
std::vector<std::string> lacking_rights(db::Database& database, Account account);

/// Returns true if this connection's account may change or remove rows of the audit log, its seals, or the
/// list of migrations. Tries it in the same way.
bool may_change_audit_log(db::Database& database);

/// Returns the GRANT and REVOKE statements, in this order, that give the account its rights on each table of
/// `schema`, and take away others that it has on the schema or its tables. Empty: its grants are as they
/// should be. Takes nothing away from Account::service_and_keeper. `own` is a connection of that account, to
/// any schema.
std::vector<std::string> missing_grants(db::Database& own, const std::string& schema, Account account);

}  // namespace csauth::store
