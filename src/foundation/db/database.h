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

struct Address {
    std::string socket;  ///< a Unix socket; host and port count where this is empty
    std::string host;
    unsigned port = 3306;
    std::string database;
    std::string user;
    Secret password;
    std::string password_from;  ///< for messages: "database.password_file = /etc/csauth/db_password"
    std::string tls_ca;         ///< verifies the server over TCP; a plain connection where empty
    std::chrono::seconds connect_timeout{2};
    std::chrono::seconds query_timeout{5};
};

/// The places of a statement's columns, each looked for once: the driver looks a name up in a tree, in upper
/// case, for each value of each row, which was a third of reading a user.
class Columns {
public:
    /// `name`: a literal.
    unsigned place_of(const char* name, sql::ResultSet& result);

private:
    struct Column {
        std::string_view name;
        unsigned place;  ///< from 1 on
    };
    std::vector<Column> known_;
};

/// One row of a result, columns by name. Reading NULL through a call without `optional` is a Failure.
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

/// The connection of one process: opened at the first use, replaced (never revived) after it broke.
/// Statements are prepared once per connection. Isolation is READ COMMITTED, times are UTC, mode strict.
///
/// Every call may throw what errors.h lists. A read outside a transaction, and the start of one, are tried
/// once more on a new connection, as nothing is lost by that.
class Database final : public Transactions {
public:
    /// Called on each new connection before its first use; what it throws, the caller gets.
    using OnConnect = std::function<void(Database&)>;

    explicit Database(Address address, OnConnect on_connect = {});
    ~Database() override;

    /// Runs a statement and tells how many rows it changed. A row that had the values already is not counted.
    /// Outside a transaction it is tried again after a conflict, which has undone all of it.
    std::uint64_t execute(std::string_view sql, std::initializer_list<Value> values = {}) {
        return execute(sql, std::span<const Value>{values.begin(), values.size()});
    }
    std::uint64_t execute(std::string_view sql, std::span<const Value> values);

    /// The first row as `map` sees it.
    template <class Map>
    auto find_one(Map map, std::string_view sql, std::initializer_list<Value> values = {})
        -> std::optional<std::invoke_result_t<Map, Row&>> {
        std::optional<std::invoke_result_t<Map, Row&>> found;
        query(sql, {values.begin(), values.size()}, [&](Row& row) {
            if (!found) found.emplace(map(row));
        });
        return found;
    }

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

    /// One statement without parameters over the text protocol, for what can't be prepared.
    void execute_text(std::string_view sql);

    /// Gives the connection up; the next use opens a new one.
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
