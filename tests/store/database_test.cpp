#include "db/database.h"

#include <boost/test/unit_test.hpp>
#include <thread>

#include "db/migrations.h"
#include "store_database.h"

using namespace csauth;
using namespace std::chrono_literals;

namespace {

std::int64_t number(db::Database& database, const std::string& expression) {
    return *database.find_one([](db::Row& row) { return row.integer("value"); },
                              "SELECT " + expression + " AS value");
}

std::string string(db::Database& database, const std::string& expression) {
    return *database.find_one([](db::Row& row) { return row.text("value"); },
                              "SELECT " + expression + " AS value");
}

struct Fixture : tests::StoreDatabase {
    Fixture() {
        database.execute_text(
            "CREATE TABLE IF NOT EXISTS scratch (id INT PRIMARY KEY, n INT NOT NULL, UNIQUE KEY scratch_n "
            "(n))");
        database.execute_text("DELETE FROM scratch");
    }
    Result<void> insert(int id) {
        database.execute("INSERT INTO scratch VALUES (?, ?)", {id, id});
        return {};
    }
    std::int64_t rows() { return number(database, "(SELECT COUNT(*) FROM scratch)"); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(database)

BOOST_FIXTURE_TEST_CASE(a_session_is_set_up_as_the_service_needs_it, Fixture) {
    BOOST_TEST(string(database, "@@session.sql_mode").find("STRICT_ALL_TABLES") != std::string::npos);
    BOOST_TEST(string(database, "@@session.time_zone") == "+00:00");
    BOOST_TEST(number(database, "@@session.autocommit") == 1);
    BOOST_TEST(string(database, "@@character_set_client") == "utf8mb4");
    const auto isolation =
        database.find_one([](db::Row& row) { return row.text("Value"); },
                          "SHOW VARIABLES WHERE Variable_name IN ('tx_isolation', 'transaction_isolation')");
    BOOST_TEST(isolation.value() == "READ-COMMITTED");
}

BOOST_FIXTURE_TEST_CASE(every_type_comes_back_as_it_went, Fixture) {
    database.execute_text("DROP TABLE IF EXISTS kinds");
    database.execute_text(
        "CREATE TABLE kinds (id BINARY(16) PRIMARY KEY, t VARCHAR(100) CHARACTER SET utf8mb4, n BIGINT, d "
        "DATETIME(6), "
        "b VARBINARY(300), nothing INT)");
    const auto id = UserId::make(*parse_sql_datetime("2026-11-23 08:00:00"), random);
    std::string bytes;
    for (int i = 0; i < 256; ++i)
        bytes += static_cast<char>(i);
    const auto time = *parse_sql_datetime("2026-11-23 08:00:00.000001");
    database.execute(
        "INSERT INTO kinds VALUES (?, ?, ?, ?, ?, ?)",
        {id, "\xf0\x9f\x90\xa3 'quoted'", std::int64_t{-9'000'000'000}, time, bytes, std::optional<int>{}});
    const auto same = database.find_one(
        [&](db::Row& row) {
            BOOST_CHECK_THROW((void)row.integer("nothing"), db::Failure);
            return row.id<UserId>("id") == id && row.text("t") == "\xf0\x9f\x90\xa3 'quoted'" &&
                   row.integer("n") == -9'000'000'000 && row.time("d") == time && row.text("b") == bytes &&
                   !row.optional_text("nothing");
        },
        "SELECT * FROM kinds WHERE id = ?", {id});
    BOOST_TEST(same.value());
}

BOOST_FIXTURE_TEST_CASE(a_transaction_is_done_whole_or_not_at_all, Fixture) {
    BOOST_TEST(!!database.run([&] { return insert(1); }));
    BOOST_TEST(!database.run([&]() -> Result<void> {
        (void)insert(2);
        return Error{.code = ErrorCode::email_taken};
    }));
    BOOST_CHECK_THROW((void)database.run([&]() -> Result<void> {
        (void)insert(3);
        throw std::runtime_error("broken");
    }),
                      std::runtime_error);
    BOOST_TEST(rows() == 1);
}

BOOST_FIXTURE_TEST_CASE(a_duplicate_names_its_index, Fixture) {
    (void)insert(1);
    try {
        database.execute("INSERT INTO scratch VALUES (2, 1)");
        BOOST_FAIL("the duplicate was taken");
    } catch (const db::DuplicateKey& duplicate) {
        BOOST_TEST(duplicate.index() == "scratch_n");
    }
}

BOOST_FIXTURE_TEST_CASE(a_deadlock_is_tried_again_from_the_beginning, Fixture) {
    (void)insert(1);
    (void)insert(2);
    // Two transactions take the same two rows in opposite order, after both hold their first.
    std::atomic<int> holding{0};
    std::atomic<int> attempts{0};
    const auto work = [&](db::Database& own, int first, int second) {
        (void)own.run([&]() -> Result<void> {
            ++attempts;
            own.execute("UPDATE scratch SET n = n + 10 WHERE id = ?", {first});
            ++holding;
            while (holding.load() < 2)
                std::this_thread::yield();
            own.execute("UPDATE scratch SET n = n + 10 WHERE id = ?", {second});
            return {};
        });
    };
    db::Database rival{tests::test_address()};
    std::thread other{[&] { work(rival, 2, 1); }};
    work(database, 1, 2);
    other.join();
    BOOST_TEST(number(database, "(SELECT SUM(n) FROM scratch)") == 1 + 2 + 40);
    BOOST_TEST(attempts.load() == 3);
}

BOOST_FIXTURE_TEST_CASE(a_connection_that_was_cut_is_replaced_without_notice, Fixture) {
    const auto cut = [&] {
        db::Database killer{tests::test_address()};
        killer.execute_text("KILL " + std::to_string(number(database, "CONNECTION_ID()")));
    };
    cut();
    BOOST_TEST(rows() == 0);  // a read
    cut();
    BOOST_TEST(!!database.run([&] { return insert(1); }));  // the start of a transaction
    BOOST_CHECK_THROW((void)database.run([&]() -> Result<void> {
        (void)insert(2);
        cut();
        return insert(3);
    }),
                      db::Unavailable);
    BOOST_TEST(rows() == 1);
}

BOOST_FIXTURE_TEST_CASE(a_statement_that_takes_too_long_is_given_up, Fixture) {
    auto address = tests::test_address();
    address.query_timeout = 1s;
    db::Database impatient{std::move(address)};
    BOOST_CHECK_THROW(number(impatient, "SLEEP(5) + (SELECT COUNT(*) FROM information_schema.tables)"),
                      db::Unavailable);
    BOOST_TEST(number(impatient, "1") == 1);
}

BOOST_AUTO_TEST_CASE(a_server_that_is_away_is_told_at_once_and_not_asked_too_often) {
    db::Database nowhere{{.socket = "/nowhere/db.sock", .database = "x", .user = "x"}};
    for (int i = 0; i < 3; ++i)
        BOOST_CHECK_THROW(number(nowhere, "1"), db::Unavailable);
}

BOOST_AUTO_TEST_CASE(wrong_credentials_are_unavailable_and_not_a_breakdown_of_ours) {
    auto address = tests::test_address();
    address.password = Secret{std::string_view{"wrong"}};
    db::Database refused{std::move(address)};
    BOOST_CHECK_THROW(number(refused, "1"), db::Unavailable);
}

BOOST_FIXTURE_TEST_CASE(a_mistake_of_ours_quotes_no_data, Fixture) {
    try {
        database.execute("INSERT INTO scratch VALUES (?, 'a-secret')", {1});
        BOOST_FAIL("the text was taken for a number");
    } catch (const db::Failure& failure) {
        BOOST_TEST(std::string{failure.what()}.find("a-secret") == std::string::npos);
    }
}

BOOST_AUTO_TEST_SUITE_END()
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

// What a kill leaves behind: a step that was begun, and whose statement had run or not.
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
