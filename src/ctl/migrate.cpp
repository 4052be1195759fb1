#include "ctl/migrate.h"

#include <iostream>
#include <utility>
#include <vector>

#include "ctl/administration.h"
#include "ctl/table.h"
#include "db/migrations.h"
#include "json/writer.h"
#include "store/grants.h"
#include "stores.h"

namespace csauth::ctl {
namespace {

struct DatabaseAccount {
    db::Address address;
    store::Account account;
};

/// Returns the database accounts that csauthd uses.
std::vector<DatabaseAccount> accounts_of(const Config& config) {
    std::vector<DatabaseAccount> accounts;
    if (config.database.keeper_user.empty()) {
        accounts.push_back({service_address(config), store::Account::service_and_keeper});
    } else {
        accounts.push_back({service_address(config), store::Account::service});
        accounts.push_back({keeper_address(config), store::Account::keeper});
    }
    return accounts;
}

/// Returns the statements that give these accounts their rights. Throws db::Unavailable if one can't connect.
std::vector<std::string> grants_for(const Config& config) {
    std::vector<std::string> all;
    for (auto& [address, account] : accounts_of(config)) {
        // An account without any right can't open the service's own schema. Every account can open this one.
        address.database = "information_schema";
        db::Database own{std::move(address)};
        const auto statements = store::missing_grants(own, config.database.name, account);
        all.insert(all.end(), statements.begin(), statements.end());
    }
    return all;
}

bool run_all(const Config& config, const std::vector<std::string>& statements) {
    try {
        db::Database database{migration_address(config)};
        for (const auto& statement : statements)
            database.execute_text(statement);
        return true;
    } catch (const std::runtime_error&) {
        return false;  // the account may not grant; servers report that with different codes
    }
}

/// Gives the accounts of csauthd the rights that they need on every table, and takes other rights away. If
/// the migrating account may not do that, says what to do. Returns an exit status.
int settle_rights(const Config& config) {
    if (config.database.migrate_user.empty() || config.database.migrate_user == config.database.user)
        return 0;
    const auto statements = grants_for(config);
    if (statements.empty()) return 0;
    if (run_all(config, statements)) {
        std::cout << "the rights of the database accounts are set" << std::endl;
        return 0;
    }
    bool is_lacking = false;
    bool is_open = false;
    for (auto& [address, account] : accounts_of(config)) {
        try {
            db::Database database{std::move(address)};
            is_lacking = is_lacking || !store::lacking_rights(database, account).empty();
            is_open =
                is_open || (account == store::Account::service && store::may_change_audit_log(database));
        } catch (const db::Unavailable&) {
            is_lacking = true;  // the account may lack the right to open the schema
        }
    }
    if (!is_lacking && !is_open) return 0;  // a role gives them what they need
    std::cerr
        << "csauthctl: " << config.database.migrate_user
        << " may not grant rights, and the accounts of csauthd need other ones. Run as the administrator of "
           "the database: csauthctl grants | mariadb\n";
    return is_lacking ? kConfig : 0;
}

}  // namespace

int migrate(const Config& config, const Arguments&) {
    std::size_t steps = 0;
    db::migrate(migration_address(config), migration_address(config), db::all_migrations(),
                [&](const std::string& step) {
                    ++steps;
                    std::cout << step << std::endl;
                });
    const int status = settle_rights(config);
    if (steps > 0)
        record_outside(config, audit::Action::schema_migrated,
                       "to version " + std::to_string(db::all_migrations().back().version));
    std::cout << "the schema is up to date" << std::endl;
    return status;
}

int migration_status(const Config& config, const Arguments& arguments) {
    db::Database database{service_address(config)};
    db::require_schema(database, db::all_migrations());
    json::Writer json;
    json.begin_array();
    Table table{{"VERSION", "NAME", "STATE"}};
    for (const auto& migration : db::all_migrations()) {
        json.begin_object()
            .member("version", migration.version)
            .member("name", migration.name)
            .member("applied", true)
            .end_object();
        table.add({std::to_string(migration.version), std::string{migration.name}, "applied"});
    }
    json.end_array();
    if (arguments.json)
        std::cout << json.text() << '\n';
    else
        table.print(std::cout);
    return 0;
}

int grants(const Config& config, const Arguments&) {
    for (const auto& statement : grants_for(config))
        std::cout << statement << ";\n";
    return 0;
}

}  // namespace csauth::ctl
