#pragma once

#include <string_view>

namespace csauth {

/// Returns true if `wanted` is one of `lines`. The lines must be in byte order, and each must end with a line
/// feed, also the last one.
///
/// This is a binary search over bytes that moves each probe back to the start of its line. A list needs no
/// table of pointers this way, which every process would have to relocate when it starts.
bool has_line(std::string_view lines, std::string_view wanted);

}  // namespace csauth
