#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace csauth {

/// Returns the parts of "a,b,c" unchanged. An empty text has no parts.
std::vector<std::string> split_list(std::string_view list);

/// Returns the parts of "a, b, c" without white space around them, and leaves out empty ones. For lists that
/// people write.
std::vector<std::string> split_written_list(std::string_view list);

/// Returns "a,b,c". The parts must not contain commas.
std::string joined(const std::vector<std::string>& parts);

}  // namespace csauth
