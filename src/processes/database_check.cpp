#include "database_check.h"

#include <iostream>

#include "db/migrations.h"
#include "store/grants.h"
#include "stores.h"

namespace csauth {
namespace {

/// Checks the schema as one account of the database sees it, and the rights of that account. An unavailable
/// database is a remark.
std::vector<Finding> look_as(db::Address address, store::Account account) {
    using Kind = Finding::Kind;
    const std::string user = address.user;
    try {
        db::Database database{std::move(address)};
        db::require_schema(database, db::all_migrations());
        if (const auto lacking = store::lacking_rights(database, account); !lacking.empty())
            return {{Kind::problem, "the database account " + user + " may not " + lacking.front() +
                                        ": run csauthctl migrate"}};
        if (account == store::Account::service_and_keeper)
            return {{Kind::warning, "the database account " + user +
                                        " may change the audit log: make an account for the keeper, set "
                                        "database.keeper_user, and run csauthctl migrate"}};
        if (account == store::Account::service && store::may_change_audit_log(database))
            return {
                {Kind::warning, "the database account " + user +
                                    " may change the audit log: run csauthctl grants as the administrator of "
                                    "the database, and look for other rights of this account"}};
        return {};
    } catch (const db::WrongSchema& e) {
        return {{Kind::problem, e.what()}};
    } catch (const db::Failure& e) {
        return {
            {Kind::problem, "the database refuses " + user + ": " + e.what() + ": run csauthctl migrate"}};
    } catch (const std::exception& e) {
        return {{Kind::remark, e.what()}};
    }
}

}  // namespace

std::vector<Finding> look_at_database(const Config& config) {
    if (config.database.keeper_user.empty())
        return look_as(service_address(config), store::Account::service_and_keeper);
    auto found = look_as(service_address(config), store::Account::service);
    if (!found.empty() && found.front().kind != Finding::Kind::warning) return found;
    const auto of_keeper = look_as(keeper_address(config), store::Account::keeper);
    found.insert(found.end(), of_keeper.begin(), of_keeper.end());
    return found;
}

std::vector<Finding> look_as_migrator(const Config& config) {
    if (config.database.migrate_user.empty()) return {};
    try {
        auto address = migration_address(config);
        address.query_timeout = config.database.query_timeout;
        db::Database database{std::move(address)};
        database.execute_text("DO 0");
        return {};
    } catch (const std::exception& e) {
        return {{Finding::Kind::warning, std::string{"csauthctl migrate can't work: "} + e.what()}};
    }
}

bool is_database_good(const Config& config, const Log& log) {
    bool is_good = true;
    for (const auto& finding : found_by_child([&] { return look_at_database(config); })) {
        if (finding.kind == Finding::Kind::warning) {
            log.warning("audit_log_unprotected", {{"what", finding.text}});
            continue;
        }
        is_good = is_good && finding.kind != Finding::Kind::problem;
        std::cerr << "csauthd: " << finding.text
                  << (finding.kind == Finding::Kind::remark ? "; starting all the same" : "") << std::endl;
    }
    return is_good;
}

}  // namespace csauth
