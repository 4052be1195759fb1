#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace csauth {

/// One line of the table "What a request may cost" of docs/use/limits.md, in Markdown.
struct LimitRow {
    std::string what;
    std::string limit;
    std::string beyond;  ///< what happens beyond it
};

/// Returns the limits. Each figure comes from the constant that the code uses, except those of nginx.
std::vector<LimitRow> limit_rows();

/// Returns "12 MiB", "8 KiB" or "254 bytes".
std::string in_bytes(std::size_t bytes);

/// Returns "48 hours", "7 days", "3 minutes" or "1 second": in the largest unit that has no remainder.
/// Uses days only from four days on.
std::string in_words(std::chrono::milliseconds duration);

/// Returns "10,000".
std::string with_commas(std::uint64_t number);

}  // namespace csauth
