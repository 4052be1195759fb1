#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "db/value.h"

namespace csauth::db {

/// A statement that grows together with its values.
struct Query {
    std::string sql;
    std::vector<Value> values;

    void add(std::string_view text, std::initializer_list<Value> more = {}) {
        sql += text;
        values.insert(values.end(), more);
    }
};

}  // namespace csauth::db
