#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include "base/unavailable.h"

namespace csauth::db {

/// The database can't serve a request now: it is unreachable, overloaded, read-only or too slow.
using csauth::Unavailable;

/// There is no connection, so everything else fails as well until the server is back.
using csauth::Away;

/// The schema is not the one that this program was built for.
class WrongSchema : public Away {
public:
    using Away::Away;
};

/// A unique index refused a row.
class DuplicateKey : public std::runtime_error {
public:
    explicit DuplicateKey(std::string index)
        : std::runtime_error{"duplicate key for " + index}, index_{std::move(index)} {}
    /// Returns the name of the index, without that of the table.
    const std::string& index() const { return index_; }

private:
    std::string index_;
};

/// A deadlock, a lock that was not granted in time, a parent row that a rival deleted, or a conflict when a
/// cluster commits. Transactions::run() starts the transaction again, so its body must not catch this.
class Conflict : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Any other error of the driver, or a column that is not what the code expects: a fault of ours. The text
/// names the code, and quotes no data.
class Failure : public std::runtime_error {
public:
    Failure(int code, const std::string& what) : std::runtime_error{what}, code_{code} {}
    /// Returns the number of the server's error, or 0 for a column.
    int code() const { return code_; }

private:
    int code_;
};

}  // namespace csauth::db
