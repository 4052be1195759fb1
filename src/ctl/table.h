#pragma once

#include <iosfwd>
#include <string>
#include <utility>
#include <vector>

namespace csauth::ctl {

/// Prints a list for people: a header, and columns as wide as their longest value.
class Table {
public:
    explicit Table(std::vector<std::string> header) { rows_.push_back(std::move(header)); }

    /// `row` has as many values as the header.
    void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }

    /// Writes the header and all rows.
    void print(std::ostream& out) const;

private:
    std::vector<std::vector<std::string>> rows_;
};

}  // namespace csauth::ctl
