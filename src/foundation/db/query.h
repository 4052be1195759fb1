#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "db/value.h"

namespace csauth::db {

/// A statement that is built from parts, together with its values.
struct Query {
    std::string sql;
    std::vector<Value> values;

    /// Appends SQL and the values of its placeholders.
    void add(std::string_view text, std::initializer_list<Value> more = {}) {
        sql += text;
        values.insert(values.end(), more);
    }
};

}  // namespace csauth::db
