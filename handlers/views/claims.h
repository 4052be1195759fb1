#pragma once

#include <string>
#include <string_view>

#include "sessions/gate.h"

namespace csauth::handlers::views {

/// Returns {claims} of a valid token. The names are those of the token, the values are the present ones. A
/// refresh token has `token_type`, `sid` and `exp` alone.
std::string checked(std::string_view issuer, const sessions::Checked& token);

/// Returns the members of RFC 7662, section 2.2 for an active token, and our own claims. `scope` lists the
/// permissions.
std::string introspection(std::string_view issuer, std::string_view audience, const sessions::Caller& caller);

/// Returns {active: false}.
std::string inactive();

}  // namespace csauth::handlers::views
