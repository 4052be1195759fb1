#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace csauth::text {

enum class Lines { one, many };

/// Text of any script as a person writes it: in NFC, of at most `longest` code points, without characters
/// that can't be seen or that turn the direction of what follows; line feeds only where `lines` allows.
/// An empty text is acceptable.
Result<std::string, Complaint> plain_text(std::string_view given, std::size_t longest, Lines lines);

}  // namespace csauth::text
