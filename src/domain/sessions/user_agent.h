#pragma once

#include <string>
#include <string_view>

namespace csauth::sessions {

/// A User-Agent in words: "Firefox on Windows", "curl"; empty where nothing is recognised. It is what the
/// client says of itself, and not to be believed.
std::string client_named_in(std::string_view user_agent);

}  // namespace csauth::sessions
