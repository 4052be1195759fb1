#include "db/migrations.h"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <thread>

#include "db/database.h"
#include "store_database.h"

using namespace csauth;

namespace {

std::int64_t number(db::Database& database, const std::string& expression) {
    return *database.find_one([](db::Row& row) { return row.integer("value"); },
                              "SELECT " + expression + " AS value");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(migrations)

const db::Migration kFirst{
    1, "first", "c1",
    "CREATE TABLE m1 (id INT PRIMARY KEY);\nINSERT INTO m1 VALUES (1);\nALTER TABLE m1 ADD COLUMN n INT;\n"};
const db::Migration kSecond{2, "second", "c2", "CREATE TABLE m2 (id INT PRIMARY KEY);\n"};

struct Scratch {
    Scratch() {
        db::Database fresh{tests::test_address()};
        tests::empty(fresh);
    }
    ~Scratch() {
        db::Database fresh{tests::test_address()};
        tests::empty(fresh);
        db::migrate(tests::test_address(), tests::test_address(), db::all_migrations(),
                    [](const std::string&) {});
    }
    db::Database database{tests::test_address()};

    void migrate(std::vector<db::Migration> migrations) {
        db::migrate(tests::test_address(), tests::test_address(), migrations, [](const std::string&) {});
    }
    void require(std::vector<db::Migration> migrations) { db::require_schema(database, migrations); }
};

BOOST_AUTO_TEST_CASE(statements_are_told_apart) {
    const auto statements =
        db::statements_of("-- why\nCREATE TABLE a (t TEXT DEFAULT ';');\n\nINSERT INTO a\nVALUES (1);\n");
    BOOST_REQUIRE(statements.size() == 2);
    BOOST_TEST(statements[1] == "INSERT INTO a\nVALUES (1)");
}

BOOST_FIXTURE_TEST_CASE(an_empty_database_becomes_the_present_one, Scratch) {
    BOOST_CHECK_THROW(require({kFirst}), db::WrongSchema);
    migrate({kFirst});
    require({kFirst});
    BOOST_CHECK_THROW(require({kFirst, kSecond}), db::WrongSchema);
    migrate({kFirst, kSecond});
    require({kFirst, kSecond});
    migrate({kFirst, kSecond});
    BOOST_TEST(number(database, "(SELECT COUNT(*) FROM m1)") == 1);
}

BOOST_FIXTURE_TEST_CASE(a_newer_or_an_edited_schema_is_refused, Scratch) {
    migrate({kFirst, kSecond});
    BOOST_CHECK_THROW(require({kFirst}), db::WrongSchema);
    BOOST_CHECK_THROW(migrate({kFirst}), db::WrongSchema);
    auto edited = kFirst;
    edited.checksum = "other";
    BOOST_CHECK_THROW(require({edited, kSecond}), db::WrongSchema);
    BOOST_CHECK_THROW(migrate({edited, kSecond}), db::WrongSchema);
}

// What a kill leaves: a step that was begun, and whose statement had run or not.
BOOST_FIXTURE_TEST_CASE(a_migration_goes_on_after_a_crash_at_any_point, Scratch) {
    for (int step = 1; step <= 3; ++step) {
        for (const bool had_run : {false, true})
            BOOST_TEST_CONTEXT("step " << step << (had_run ? ", done" : ", not done")) {
                tests::empty(database);
                migrate({kFirst});
                database.execute("DELETE FROM schema_migrations WHERE step > ?", {step});
                database.execute("UPDATE schema_migrations SET finished_at = NULL WHERE step = ?", {step});
                if (step < 3 || !had_run) database.execute_text("ALTER TABLE m1 DROP COLUMN n");
                if (step < 2 || (step == 2 && !had_run)) database.execute_text("DELETE FROM m1");
                if (step == 1 && !had_run) database.execute_text("DROP TABLE m1");
                BOOST_CHECK_THROW(require({kFirst}), db::WrongSchema);
                migrate({kFirst});
                require({kFirst});
                BOOST_TEST(number(database, "(SELECT COUNT(*) FROM m1)") == 1);
            }
    }
}

BOOST_FIXTURE_TEST_CASE(of_two_migrators_one_waits_for_the_other, Scratch) {
    std::vector<std::thread> migrators;
    std::atomic<int> succeeded{0};
    for (int i = 0; i < 4; ++i) {
        migrators.emplace_back([&] {
            migrate({kFirst, kSecond});
            ++succeeded;
        });
    }
    for (auto& migrator : migrators)
        migrator.join();
    BOOST_TEST(succeeded.load() == 4);
    require({kFirst, kSecond});
    BOOST_TEST(number(database, "(SELECT COUNT(*) FROM schema_migrations)") == 4);
}

BOOST_AUTO_TEST_CASE(the_real_migrations_are_numbered_without_a_gap) {
    int expected = 1;
    for (const auto& migration : db::all_migrations()) {
        BOOST_TEST(migration.version == expected++);
        BOOST_TEST(migration.checksum.size() == 64U);
        BOOST_TEST(!db::statements_of(migration.sql).empty());
    }
}

BOOST_AUTO_TEST_SUITE_END()
