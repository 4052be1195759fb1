#pragma once

#include <string_view>

#include "base/error.h"
#include "http/message.h"

namespace csauth::handlers {

/// What begins here speaks OAuth 2.0 with other programs.
inline constexpr std::string_view kOauthPath = "/oauth/";

/// Returns a refusal as OAuth 2.0 has it (RFC 6749, section 5.2): {error, error_description}, and for a
/// client that has not shown who it is 401 with a challenge to use Basic credentials.
http::Response oauth_refusal(const Error& error);

}  // namespace csauth::handlers
