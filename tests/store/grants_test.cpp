#include "store/grants.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "store_database.h"

using namespace csauth;

BOOST_AUTO_TEST_SUITE(grants)

BOOST_FIXTURE_TEST_CASE(tables_of_migrations_are_those_of_the_database, tests::StoreDatabase) {
    auto tables = database.find_all([](db::Row& row) { return row.text("name"); },
                                    "SELECT table_name AS name FROM information_schema.tables "
                                    "WHERE table_schema = DATABASE()");
    auto known = store::tables_of(db::all_migrations());
    std::sort(known.begin(), known.end());
    std::sort(tables.begin(), tables.end());
    BOOST_TEST(known == tables, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(account_with_all_rights_lacks_none_and_touches_no_row, tests::StoreDatabase) {
    for (const auto account : {store::Account::service, store::Account::keeper})
        BOOST_TEST(store::lacking_rights(database, account).empty());
    BOOST_TEST(store::may_change_audit_log(database));
    db::require_schema(database, db::all_migrations());  // the list of migrations has all its rows
    BOOST_TEST(
        store::missing_grants(database, "csauth_store_test", store::Account::service_and_keeper).empty());
}

BOOST_FIXTURE_TEST_CASE(account_of_another_schema_gets_grants_for_each_table, tests::StoreDatabase) {
    const auto wanted = store::missing_grants(database, "no`such'schema", store::Account::service);
    BOOST_TEST(wanted.size() == store::tables_of(db::all_migrations()).size() - 1);  // schema_lock needs none
    BOOST_TEST(std::count(wanted.begin(), wanted.end(),
                          "GRANT SELECT, INSERT ON `no``such'schema`.`audit_log` TO "
                          "'csauth_migrate'@'localhost'") == 1);
    BOOST_TEST(std::count(wanted.begin(), wanted.end(),
                          "GRANT SELECT, INSERT, UPDATE, DELETE ON `no``such'schema`.`users` TO "
                          "'csauth_migrate'@'localhost'") == 1);
}

BOOST_AUTO_TEST_SUITE_END()
