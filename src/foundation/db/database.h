#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/secret.h"
#include "base/transactions.h"
#include "db/errors.h"
#include "db/value.h"

namespace sql {
class ResultSet;
}

namespace csauth::db {

/// Where the database is, and how to sign in to it.
struct Address {
    std::string socket;  ///< a Unix socket; if empty, host and port are used
    std::string host;
    unsigned port = 3306;
    std::string database;
    std::string user;
    Secret password;
    std::string password_from;  ///< for messages: "database.password_file = /etc/csauth/db_password"
    std::string tls_ca;         ///< a file that verifies the server over TCP; if empty, TLS is not required
    std::chrono::seconds connect_timeout{2};
    std::chrono::seconds query_timeout{5};  ///< for one statement
};

/// The places of a statement's columns, each looked up once. The driver looks a name up in a tree, in upper
/// case, for each value of each row. That was a third of the time for reading a user.
class Columns {
public:
    /// Returns the place of the column, from 1 on. `name` must be a literal.
    unsigned place_of(const char* name, sql::ResultSet& result);

private:
    struct Column {
        std::string_view name;
        unsigned place;  ///< from 1 on
    };
    std::vector<Column> known_;
};

/// One row of a result, with its columns by name. It is valid only during the call that passes it.
///
/// The functions with `optional` return nullopt for NULL; the others throw Failure. All throw Failure if the
/// column does not exist or has another type or length.
class Row {
public:
    Row(sql::ResultSet& result, Columns& columns) : result_{result}, columns_{columns} {}

    std::string text(const char* column) const;
    std::optional<std::string> optional_text(const char* column) const;
    std::int64_t integer(const char* column) const;
    bool flag(const char* column) const { return integer(column) != 0; }
    TimePoint time(const char* column) const;
    std::optional<TimePoint> optional_time(const char* column) const;

    template <class IdType>
    IdType id(const char* column) const {
        return {uuid(column)};
    }
    template <class IdType>
    std::optional<IdType> optional_id(const char* column) const {
        return is_null(column) ? std::nullopt : std::optional<IdType>{IdType{uuid(column)}};
    }
    template <std::size_t N>
    std::array<std::uint8_t, N> bytes(const char* column) const {
        std::array<std::uint8_t, N> result;
        copy_bytes(column, result.data(), N);
        return result;
    }

private:
    bool is_null(const char* column) const;
    unsigned place_of(const char* column) const { return columns_.place_of(column, result_); }
    Uuid uuid(const char* column) const { return {bytes<16>(column)}; }
    void copy_bytes(const char* column, std::uint8_t* to, std::size_t size) const;

    sql::ResultSet& result_;
    Columns& columns_;
};

/// The connection of one process to the database. It is opened at the first use, so make no use of it before
/// fork(). A connection that broke is replaced by a new one. Only one thread may use the object.
///
/// Statements are prepared once per connection. The isolation level is READ COMMITTED, times are UTC, and the
/// SQL mode is strict.
///
/// Every call may throw the exceptions of errors.h. If the connection broke, two kinds of calls are tried
/// once more on a new one, because they can't have an effect twice: a read outside a transaction, and the
/// start of a transaction.
class Database final : public Transactions {
public:
    /// Is called on each new connection before its first use. The caller gets its exceptions, and the
    /// connection is then closed.
    using OnConnect = std::function<void(Database&)>;

    /// Does not connect yet.
    explicit Database(Address address, OnConnect on_connect = {});
    ~Database() override;

    /// Runs a statement and returns how many rows it changed. A row that already had the values does not
    /// count. Outside a transaction it is tried again after a conflict, because a conflict undoes the whole
    /// statement.
    std::uint64_t execute(std::string_view sql, std::initializer_list<Value> values = {}) {
        return execute(sql, std::span<const Value>{values.begin(), values.size()});
    }
    std::uint64_t execute(std::string_view sql, std::span<const Value> values);

    /// Returns what `map` makes of the first row, or nullopt if there is no row.
    template <class Map>
    auto find_one(Map map, std::string_view sql, std::initializer_list<Value> values = {})
        -> std::optional<std::invoke_result_t<Map, Row&>> {
        std::optional<std::invoke_result_t<Map, Row&>> found;
        query(sql, {values.begin(), values.size()}, [&](Row& row) {
            if (!found) found.emplace(map(row));
        });
        return found;
    }

    /// Returns what `map` makes of each row, in the order of the result.
    template <class Map>
    auto find_all(Map map, std::string_view sql, std::initializer_list<Value> values = {})
        -> std::vector<std::invoke_result_t<Map, Row&>> {
        return find_all(map, sql, std::span<const Value>{values.begin(), values.size()});
    }
    template <class Map>
    auto find_all(Map map, std::string_view sql, std::span<const Value> values)
        -> std::vector<std::invoke_result_t<Map, Row&>> {
        std::vector<std::invoke_result_t<Map, Row&>> found;
        query(sql, values, [&](Row& row) { found.push_back(map(row)); });
        return found;
    }

    /// Calls `each` with every row.
    void for_each(const std::function<void(Row&)>& each, std::string_view sql,
                  std::initializer_list<Value> values = {}) {
        query(sql, {values.begin(), values.size()}, each);
    }
    void for_each(const std::function<void(Row&)>& each, std::string_view sql,
                  std::span<const Value> values) {
        query(sql, values, each);
    }

    /// Runs one statement without parameters over the text protocol, for statements that can't be prepared.
    void execute_text(std::string_view sql);

    /// Closes the connection. The next use opens a new one.
    void disconnect();

protected:
    void attempt(const std::function<bool()>& body) override;

private:
    struct Connection;

    void query(std::string_view sql, std::span<const Value> values, const std::function<void(Row&)>& each);
    Connection& connected();
    void connect();
    std::unique_ptr<Connection> opened() const;
    template <class Work>
    auto guarded(Work work) -> std::invoke_result_t<Work, Connection&>;
    static void wait_for_rival(int tried);
    template <class Work>
    auto guarded_with_second_try(Work work) -> std::invoke_result_t<Work, Connection&>;
    [[noreturn]] void translate(int code, const std::string& message);
    void roll_back();

    Address address_;
    OnConnect on_connect_;
    std::unique_ptr<Connection> connection_;
    bool in_transaction_ = false;
    bool is_connecting_ = false;
    std::chrono::steady_clock::time_point not_before_{};
    std::chrono::milliseconds reconnect_wait_{0};
    std::string problem_;  ///< why the last connection could not be opened
};

}  // namespace csauth::db
