#include "db/database.h"

#include <boost/test/unit_test.hpp>
#include <thread>

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
            "CREATE TABLE scratch (id INT PRIMARY KEY, n INT NOT NULL, UNIQUE KEY scratch_n "
            "(n))");
    }
    ~Fixture() {
        db::Database other{tests::test_address()};  // a test may have broken the connection
        other.execute_text("DROP TABLE IF EXISTS scratch, kinds");
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
