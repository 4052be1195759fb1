#pragma once

#include <string_view>

namespace csauth {

/// Whether `wanted` is one of `lines`, which are in byte order and end with a line feed each: a binary search
/// by bytes, each probe moved back to the start of its line. So a list needs no table of pointers, which
/// every process would have to relocate at its start.
bool has_line(std::string_view lines, std::string_view wanted);

}  // namespace csauth
