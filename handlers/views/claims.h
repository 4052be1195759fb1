#pragma once

#include <string>
#include <string_view>

#include "sessions/gate.h"

namespace csauth::handlers::views {

/// {claims} of a valid token, with the names that they have in tokens, and with their present values.
std::string checked(std::string_view issuer, const sessions::Checked& token);

/// The members of RFC 7662 for an active token, and our own claims.
std::string introspection(std::string_view issuer, std::string_view audience, const sessions::Caller& caller);

/// {active: false}
std::string inactive();

}  // namespace csauth::handlers::views
