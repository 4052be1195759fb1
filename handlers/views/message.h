#pragma once

#include <string>
#include <string_view>

namespace csauth::handlers::views {

/// Returns {message}.
std::string message(std::string_view text);

}  // namespace csauth::handlers::views
