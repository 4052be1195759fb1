#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include "base/unavailable.h"

namespace csauth::db {

/// The database can't serve us now: gone, unreachable, overloaded, read-only, too slow.
using csauth::Unavailable;

/// No connection can be had, so everything else fails as well until the server is back.
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
    /// The index's name, without the table's.
    const std::string& index() const { return index_; }

private:
    std::string index_;
};

/// A deadlock, a lock that did not come, or a conflict at a cluster's commit: the transaction may be
/// tried again, from its beginning.
class Conflict : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Any other error of the driver: a mistake of ours. The text names the code, and quotes no data.
class Failure : public std::runtime_error {
public:
    Failure(int code, const std::string& what) : std::runtime_error{what}, code_{code} {}
    int code() const { return code_; }

private:
    int code_;
};

}  // namespace csauth::db
