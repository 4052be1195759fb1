#include "db/database.h"

#include <cppconn/connection.h>
#include <cppconn/driver.h>
#include <cppconn/exception.h>
#include <cppconn/prepared_statement.h>
#include <cppconn/resultset.h>
#include <cppconn/statement.h>
#include <mysql_driver.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>
#include <functional>
#include <thread>
#include <unordered_map>

#include "base/name_lookup.h"
#include "db/connection_problem.h"

namespace csauth::db {
namespace {

using namespace std::chrono_literals;

constexpr int kTriesAfterConflict = 4;
constexpr auto kPingAfterIdle = 20s;
constexpr auto kQuick = 500ms;
constexpr auto kShortestReconnectWait = 50ms;
constexpr auto kLongestReconnectWait = 1000ms;
constexpr int kLockWaitSeconds = 3;

// After these errors the connection is of no use: it is closed, the server accepts no more, or the server has
// become read-only. After a failover a new connection may reach the new primary.
// https://mariadb.com/kb/en/mariadb-error-code-reference/ lists them; MySQL has the same numbers.
constexpr std::array kConnectionIsGone{2002, 2003, 2005, 2006, 2012, 2013, 2026, 2027,
                                       2030, 2055, 1040, 1042, 1044, 1045, 1047, 1049,
                                       1053, 1129, 1203, 1226, 1290, 1836, 1927, 4031};
constexpr std::array kServerCannotNow{1021, 1030, 1114, 1205, 1317, 1969, 3024};
constexpr int kDuplicate = 1062;
constexpr int kDeadlock = 1213;
constexpr int kParentIsGone = 1452;  // a rival deleted what the row would belong to
constexpr int kLockWaitTimeout = 1205;
// The messages of these errors quote names of tables and columns, never a user's data.
constexpr std::array kMessageIsHarmless{1050, 1054, 1060, 1061, 1064, 1091, 1142, 1146};

template <class Codes>
bool contains(const Codes& codes, int code) {
    return std::find(codes.begin(), codes.end(), code) != codes.end();
}

/// Returns "users_email" for "Duplicate entry '…' for key 'u.users_email'" (MySQL) and for "… for key
/// 'users_email'" (MariaDB).
std::string index_named_in(const std::string& message) {
    const auto last = message.rfind('\'');
    if (last == std::string::npos || last == 0) return {};
    const auto first = message.rfind('\'', last - 1);
    std::string index = message.substr(first + 1, last - first - 1);
    const auto dot = index.find('.');
    return dot == std::string::npos ? index : index.substr(dot + 1);
}

/// Throws Away if the host can't be resolved in time. The driver resolves it again without a deadline,
/// because connect_timeout counts only after that. A lookup that hangs is noticed here instead.
void require_name(const Address& address) {
    const auto found =
        resolve(address.host, address.port, std::chrono::steady_clock::now() + address.connect_timeout);
    if (!found) throw Away{"resolving " + address.host + " (database.host): " + found.error()};
}

}  // namespace

struct Database::Connection {
    struct Prepared {
        std::unique_ptr<sql::PreparedStatement> statement;
        Columns columns;
    };
    /// Statements are found by hash, because they are long and many begin alike.
    struct Hash : std::hash<std::string_view> {
        using is_transparent = void;
    };

    std::unique_ptr<sql::Connection> handle;
    std::unordered_map<std::string, Prepared, Hash, std::equal_to<>> prepared;
    std::chrono::steady_clock::time_point last_used = std::chrono::steady_clock::now();

    ~Connection() { prepared.clear(); }

    Prepared& find_or_prepare(std::string_view sql) {
        const auto known = prepared.find(sql);
        if (known != prepared.end()) return known->second;
        std::unique_ptr<sql::PreparedStatement> statement{handle->prepareStatement(std::string{sql})};
        return prepared.emplace(sql, Prepared{std::move(statement), {}}).first->second;
    }

    Prepared& bound(std::string_view sql, std::span<const Value> values) {
        Prepared& found = find_or_prepare(sql);
        sql::PreparedStatement& prepared_statement = *found.statement;
        unsigned index = 0;
        for (const Value& value : values) {
            ++index;
            if (const auto* text = std::get_if<std::string>(&value.data()))
                prepared_statement.setString(index, *text);
            else if (const auto* number = std::get_if<std::int64_t>(&value.data()))
                prepared_statement.setInt64(index, *number);
            else
                prepared_statement.setNull(index, 0);
        }
        return found;
    }

    void run(const std::string& sql) {
        const std::unique_ptr<sql::Statement> statement{handle->createStatement()};
        statement->execute(sql);
    }

    std::string show(const std::string& sql, unsigned column) {
        const std::unique_ptr<sql::Statement> statement{handle->createStatement()};
        const std::unique_ptr<sql::ResultSet> result{statement->executeQuery(sql)};
        return result->next() ? std::string{result->getString(column)} : std::string{};
    }
};

unsigned Columns::place_of(const char* name, sql::ResultSet& result) {
    for (const Column& column : known_)
        if (column.name == name) return column.place;
    const unsigned place = result.findColumn(name);
    known_.push_back({name, place});
    return place;
}

bool Row::is_null(const char* column) const { return result_.isNull(place_of(column)); }

std::string Row::text(const char* column) const {
    std::string text = result_.getString(place_of(column));
    if (result_.wasNull()) throw Failure{0, std::string{"NULL in column "} + column};
    return text;
}

std::optional<std::string> Row::optional_text(const char* column) const {
    return is_null(column) ? std::nullopt : std::optional{text(column)};
}

std::int64_t Row::integer(const char* column) const {
    const std::int64_t number = result_.getInt64(place_of(column));
    if (result_.wasNull()) throw Failure{0, std::string{"NULL in column "} + column};
    return number;
}

TimePoint Row::time(const char* column) const {
    const auto parsed = parse_sql_datetime(text(column));
    if (!parsed) throw Failure{0, std::string{"no time in column "} + column};
    return *parsed;
}

std::optional<TimePoint> Row::optional_time(const char* column) const {
    return is_null(column) ? std::nullopt : std::optional{time(column)};
}

void Row::copy_bytes(const char* column, std::uint8_t* to, std::size_t size) const {
    const std::string bytes = text(column);
    if (bytes.size() != size) throw Failure{0, std::string{"wrong length of column "} + column};
    std::memcpy(to, bytes.data(), size);
}

Database::Database(Address address, OnConnect on_connect)
    : address_{std::move(address)}, on_connect_{std::move(on_connect)} {}

Database::~Database() = default;

void Database::disconnect() { connection_.reset(); }

void Database::translate(int code, const std::string& message) {
    if (contains(kConnectionIsGone, code)) {
        disconnect();
        throw Away{broken_connection(address_, code)};
    }
    if (code == kDuplicate) throw DuplicateKey{index_named_in(message)};
    if (code == kDeadlock || (in_transaction_ && (code == kLockWaitTimeout || code == kParentIsGone)))
        throw Conflict{"database: error " + std::to_string(code)};
    if (contains(kServerCannotNow, code)) throw Unavailable{temporary_problem(code)};
    throw Failure{code, "database: error " + std::to_string(code) +
                            (contains(kMessageIsHarmless, code) ? ": " + message : std::string{})};
}

template <class Work>
auto Database::guarded(Work work) -> std::invoke_result_t<Work, Connection&> {
    try {
        return work(connected());
    } catch (const sql::SQLException& e) {
        translate(e.getErrorCode(), e.what());
    }
}

template <class Work>
auto Database::guarded_with_second_try(Work work) -> std::invoke_result_t<Work, Connection&> {
    const bool was_connected = connection_ != nullptr;
    const auto began = std::chrono::steady_clock::now();
    try {
        return guarded(work);
    } catch (const Unavailable&) {
        // Only a stale connection is worth another try. A server that can't be reached was asked just now.
        if (in_transaction_ || is_connecting_ || !was_connected || connection_) throw;
        if (std::chrono::steady_clock::now() - began > kQuick) throw;  // a server that hangs would hang again
    }
    return guarded(work);
}

Database::Connection& Database::connected() {
    const auto now = std::chrono::steady_clock::now();
    if (connection_ && !in_transaction_ && now - connection_->last_used > kPingAfterIdle &&
        !connection_->handle->isValid())
        disconnect();
    if (!connection_) {
        if (in_transaction_ || is_connecting_) throw Away{"the connection broke while it was in use"};
        // While the server is away, most calls fail at once instead of waiting for another time-out.
        if (now < not_before_) throw Away{problem_};
        try {
            connect();
        } catch (const std::exception& e) {
            problem_ = e.what();
            disconnect();
            reconnect_wait_ =
                std::clamp(reconnect_wait_ * 2, std::chrono::milliseconds{kShortestReconnectWait},
                           std::chrono::milliseconds{kLongestReconnectWait});
            not_before_ = std::chrono::steady_clock::now() + reconnect_wait_;
            throw;
        }
        reconnect_wait_ = 0ms;
    }
    connection_->last_used = now;
    return *connection_;
}

std::unique_ptr<Database::Connection> Database::opened() const {
    sql::ConnectOptionsMap options;
    if (!address_.socket.empty()) {
        options["hostName"] = sql::SQLString{"unix://" + address_.socket};
    } else {
        require_name(address_);
        options["hostName"] = sql::SQLString{"tcp://" + address_.host + ":" + std::to_string(address_.port)};
    }
    options["userName"] = sql::SQLString{address_.user};
    options["password"] = sql::SQLString{std::string{address_.password.reveal()}};
    options["OPT_CONNECT_TIMEOUT"] = static_cast<int>(address_.connect_timeout.count());
    options["OPT_READ_TIMEOUT"] = static_cast<int>(address_.query_timeout.count());
    options["OPT_WRITE_TIMEOUT"] = static_cast<int>(address_.query_timeout.count());
    options["OPT_RECONNECT"] = false;
    if (!address_.tls_ca.empty()) {
        // "sslEnforce" alone falls back to a plain connection; a CA with verification does not.
        options["sslCA"] = sql::SQLString{address_.tls_ca};
        options["sslVerify"] = true;
    }

    auto connection = std::make_unique<Connection>();
    connection->handle.reset(sql::mysql::get_mysql_driver_instance()->connect(options));
    connection->handle->setSchema(address_.database);
    connection->run("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
    const auto seconds = std::to_string(address_.query_timeout.count());
    const bool is_mariadb = connection->show("SELECT VERSION()", 1).find("MariaDB") != std::string::npos;
    connection->run(
        "SET SESSION sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', "
        "time_zone = '+00:00', innodb_lock_wait_timeout = " +
        std::to_string(kLockWaitSeconds) +
        (is_mariadb ? ", max_statement_time = " + seconds : ", max_execution_time = " + seconds + "000"));
    if (connection->show("SHOW VARIABLES LIKE 'wsrep_on'", 2) == "ON")
        connection->run("SET SESSION wsrep_sync_wait = 1");
    if (!address_.tls_ca.empty() && connection->show("SHOW SESSION STATUS LIKE 'Ssl_cipher'", 2).empty())
        throw Away{"the connection to " + address_.host +
                   " is not encrypted although database.tls_ca is set: switch TLS on in the server"};
    return connection;
}

void Database::connect() {
    try {
        connection_ = opened();
    } catch (const sql::SQLException& e) {
        throw Away{connection_problem(address_, e.getErrorCode(), e.what())};
    }
    is_connecting_ = true;
    try {
        if (on_connect_) on_connect_(*this);
    } catch (...) {
        is_connecting_ = false;
        throw;
    }
    is_connecting_ = false;
}

void Database::query(std::string_view sql, std::span<const Value> values,
                     const std::function<void(Row&)>& each) {
    guarded_with_second_try([&](Connection& connection) {
        auto& [statement, columns] = connection.bound(sql, values);
        const std::unique_ptr<sql::ResultSet> result{statement->executeQuery()};
        Row row{*result, columns};
        while (result->next())
            each(row);
    });
}

std::uint64_t Database::execute(std::string_view sql, std::span<const Value> values) {
    for (int tried = 1;; ++tried) {
        try {
            return guarded([&](Connection& connection) {
                return static_cast<std::uint64_t>(connection.bound(sql, values).statement->executeUpdate());
            });
        } catch (const Conflict&) {
            if (in_transaction_) throw;  // attempt() starts again
            if (tried == kTriesAfterConflict) throw Unavailable{"rival transactions did not give way"};
            wait_for_rival(tried);
        }
    }
}

void Database::wait_for_rival(int tried) {
    SystemRandom random;
    std::this_thread::sleep_for(
        std::chrono::milliseconds{random.below(10U * static_cast<unsigned>(tried)) + 1});
}

void Database::execute_text(std::string_view sql) {
    guarded([&](Connection& connection) { connection.run(std::string{sql}); });
}

void Database::roll_back() {
    in_transaction_ = false;
    if (!connection_) return;
    try {
        connection_->run("ROLLBACK");
    } catch (const sql::SQLException&) {
        disconnect();  // closing it rolls back
    }
}

void Database::attempt(const std::function<bool()>& body) {
    assert(!in_transaction_ && "transactions do not nest");
    for (int tried = 1;; ++tried) {
        guarded_with_second_try([](Connection& connection) { connection.run("START TRANSACTION"); });
        in_transaction_ = true;
        try {
            if (!body()) {
                roll_back();
                return;
            }
            guarded([](Connection& connection) { connection.run("COMMIT"); });
            in_transaction_ = false;
            return;
        } catch (const Conflict&) {
            roll_back();
            if (tried == kTriesAfterConflict) throw Unavailable{"rival transactions did not give way"};
            wait_for_rival(tried);
        } catch (...) {
            roll_back();
            throw;
        }
    }
}

}  // namespace csauth::db
