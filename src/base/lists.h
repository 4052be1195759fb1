#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace csauth {

/// The parts of "a,b,c"; none of an empty text.
std::vector<std::string> split_list(std::string_view list);

/// "a,b,c"
std::string joined(const std::vector<std::string>& parts);

}  // namespace csauth
