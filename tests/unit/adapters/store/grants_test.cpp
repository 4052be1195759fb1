#include "store/grants.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>

using namespace csauth;
using store::Account;
using store::Rights;

namespace {

constexpr Rights kAll{true, true, true, true};

}  // namespace

BOOST_AUTO_TEST_SUITE(grants)

BOOST_AUTO_TEST_CASE(service_changes_no_row_of_the_audit_log) {
    for (const char* table :
         {"audit_log", "audit_batches", "audit_beginning", "erasures", "schema_migrations"}) {
        const auto rights = store::rights_on(table, Account::service);
        BOOST_TEST(rights.selects, table);
        BOOST_TEST(!rights.updates, table);
        BOOST_TEST(!rights.deletes, table);
    }
    BOOST_TEST(store::rights_on("audit_log", Account::service).inserts);
    BOOST_TEST(store::rights_on("erasures", Account::service).inserts);
    BOOST_TEST(!store::rights_on("audit_batches", Account::service).inserts);
    BOOST_TEST(!store::rights_on("schema_migrations", Account::service).inserts);
}

BOOST_AUTO_TEST_CASE(keeper_changes_the_audit_log_and_no_migration) {
    for (const auto account : {Account::keeper, Account::service_and_keeper}) {
        for (const char* table : {"audit_log", "audit_batches", "audit_beginning", "erasures", "users"})
            BOOST_CHECK(store::rights_on(table, account) == kAll);
        BOOST_CHECK(store::rights_on("schema_migrations", account) == Rights{.selects = true});
        BOOST_CHECK(store::rights_on("schema_lock", account) == Rights{});
    }
}

BOOST_AUTO_TEST_CASE(table_that_is_not_guarded_is_all_the_services) {
    for (const char* table : {"users", "sessions", "outbox", "a_table_of_tomorrow"})
        BOOST_CHECK(store::rights_on(table, Account::service) == kAll);
}

BOOST_AUTO_TEST_CASE(tables_of_migrations_are_those_that_are_left) {
    const db::Migration migrations[] = {
        {1, "a", "",
         "-- CREATE TABLE in_a_comment (\nCREATE TABLE one (\n    id INT\n);\nCREATE TABLE two(id INT);\n"},
        {2, "b", "", "DROP TABLE one;\nALTER TABLE two ADD COLUMN x INT;\n"}};
    BOOST_TEST(
        store::tables_of(migrations) == (std::vector<std::string>{"schema_lock", "schema_migrations", "two"}),
        boost::test_tools::per_element());
    const auto present = store::tables_of(db::all_migrations());
    for (const char* table : {"users", "audit_log", "erasures", "events"})
        BOOST_TEST(std::count(present.begin(), present.end(), table) == 1, table);
}

BOOST_AUTO_TEST_SUITE_END()
