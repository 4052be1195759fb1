#include "db/migrations.h"

#include <algorithm>
#include <array>
#include <map>
#include <thread>
#include <utility>

namespace csauth::db {
namespace {

using namespace std::chrono_literals;

constexpr auto kWaitForOtherMigrator = 60s;
constexpr int kNoSuchTable = 1146;

/// The errors of a statement that has run before: the table, column or index exists, or is gone already.
constexpr std::array kAlreadyDone{1050, 1060, 1061, 1091};

struct Step {
    std::string checksum;
    bool finished;
};

using Ledger = std::map<std::pair<int, int>, Step>;  // by version and number of the statement, from 1 on

Ledger read_ledger(Database& database) {
    Ledger ledger;
    database.for_each(
        [&](Row& row) {
            ledger[{static_cast<int>(row.integer("version")), static_cast<int>(row.integer("step"))}] = {
                row.text("checksum"), row.flag("finished")};
        },
        "SELECT version, step, checksum, finished_at IS NOT NULL AS finished FROM schema_migrations");
    return ledger;
}

std::string title(const Migration& migration) {
    return std::to_string(migration.version) + " (" + std::string{migration.name} + ")";
}

void refuse_unknown(const Ledger& ledger, std::span<const Migration> migrations) {
    for (const auto& [key, step] : ledger) {
        const int version = key.first;
        const auto known = std::find_if(migrations.begin(), migrations.end(),
                                        [&](const Migration& m) { return m.version == version; });
        if (known == migrations.end()) {
            throw WrongSchema{"the database has migration " + std::to_string(version) +
                              ", which this program does not know: it is older than the schema"};
        }
        if (step.checksum != known->checksum)
            throw WrongSchema{"migration " + title(*known) + " was edited after it had been applied"};
    }
}

/// Runs one statement. Records its begin before and its end after, so that a crash between the two is
/// visible.
void apply(Database& database, const Migration& migration, int number, std::string_view statement,
           bool was_begun) {
    if (!was_begun) {
        database.execute(
            "INSERT INTO schema_migrations (version, step, name, checksum, started_at) VALUES (?, ?, ?, ?, "
            "UTC_TIMESTAMP(6))",
            {migration.version, number, migration.name, migration.checksum});
    }
    try {
        database.execute_text(statement);
    } catch (const Failure& failure) {
        if (!was_begun ||
            std::find(kAlreadyDone.begin(), kAlreadyDone.end(), failure.code()) == kAlreadyDone.end())
            throw;
    } catch (const DuplicateKey&) {
        if (!was_begun) throw;
    }
    database.execute(
        "UPDATE schema_migrations SET finished_at = UTC_TIMESTAMP(6) WHERE version = ? AND step = ?",
        {migration.version, number});
}

void apply_all(Database& database, std::span<const Migration> migrations,
               const std::function<void(const std::string&)>& say) {
    const Ledger ledger = read_ledger(database);
    refuse_unknown(ledger, migrations);
    for (const Migration& migration : migrations) {
        int number = 0;
        bool announced = false;
        for (const auto statement : statements_of(migration.sql)) {
            ++number;
            const auto recorded = ledger.find({migration.version, number});
            if (recorded != ledger.end() && recorded->second.finished) continue;
            if (!std::exchange(announced, true)) say("applying migration " + title(migration));
            apply(database, migration, number, statement, recorded != ledger.end());
        }
    }
}

}  // namespace

std::vector<std::string_view> statements_of(std::string_view sql) {
    std::vector<std::string_view> statements;
    while (!sql.empty()) {
        const auto end = sql.find(";\n");
        const auto statement = trimmed(sql.substr(0, end));
        if (!statement.empty()) statements.push_back(statement);
        if (end == std::string_view::npos) break;
        sql.remove_prefix(end + 2);
    }
    return statements;
}

void migrate(Address address, Address lock_address, std::span<const Migration> migrations,
             const std::function<void(const std::string&)>& say) {
    Database database{std::move(address)};
    database.execute_text(R"(
        CREATE TABLE IF NOT EXISTS schema_migrations (
            version     INT NOT NULL,
            step        INT NOT NULL,
            name        VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
            checksum    CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
            started_at  DATETIME(6) NOT NULL,
            finished_at DATETIME(6) NULL,
            PRIMARY KEY (version, step)
        ) ENGINE = InnoDB)");
    database.execute_text(
        "CREATE TABLE IF NOT EXISTS schema_lock (id INT NOT NULL PRIMARY KEY) ENGINE = InnoDB");
    database.execute("INSERT IGNORE INTO schema_lock (id) VALUES (1)");

    // A second connection holds the lock, which is a row, because DDL on the first would end its transaction.
    // If this process is killed, the server releases the row.
    Database lock{std::move(lock_address)};
    const auto give_up = std::chrono::steady_clock::now() + kWaitForOtherMigrator;
    for (;;) {
        bool locked = false;
        try {
            (void)lock.run([&]() -> Result<void> {
                (void)lock.find_one([](Row& row) { return row.integer("id"); },
                                    "SELECT id FROM schema_lock WHERE id = 1 FOR UPDATE");
                locked = true;
                apply_all(database, migrations, say);
                return {};
            });
            return;
        } catch (const Unavailable&) {
            if (locked || std::chrono::steady_clock::now() > give_up) throw;
            say("waiting for another migration to end");
            std::this_thread::sleep_for(1s);
        }
    }
}

void require_schema(Database& database, std::span<const Migration> migrations) {
    Ledger ledger;
    try {
        ledger = read_ledger(database);
    } catch (const Failure& failure) {
        if (failure.code() != kNoSuchTable) throw;
        throw WrongSchema{"the database is empty: run csauthctl migrate"};
    }
    refuse_unknown(ledger, migrations);
    for (const Migration& migration : migrations) {
        const int count = static_cast<int>(statements_of(migration.sql).size());
        for (int number = 1; number <= count; ++number) {
            const auto recorded = ledger.find({migration.version, number});
            if (recorded == ledger.end() || !recorded->second.finished)
                throw WrongSchema{"migration " + title(migration) + " is not applied: run csauthctl migrate"};
        }
    }
}

}  // namespace csauth::db
