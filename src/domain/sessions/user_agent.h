#pragma once

#include <string>
#include <string_view>

namespace csauth::sessions {

/// Returns a User-Agent in words, such as "Firefox on Windows" or "curl", or an empty text if nothing in it
/// is recognized. A client can send any User-Agent, so use the result for display only.
std::string client_named_in(std::string_view user_agent);

}  // namespace csauth::sessions
