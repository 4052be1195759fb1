#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace csauth {

/// The parts of "a,b,c"; none of an empty text.
std::vector<std::string> split_list(std::string_view list);

/// The parts of "a, b, c" without the spaces around them and without empty ones: for lists that people write.
std::vector<std::string> split_written_list(std::string_view list);

/// "a,b,c"
std::string joined(const std::vector<std::string>& parts);

}  // namespace csauth
