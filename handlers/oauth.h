#pragma once

#include "base/error.h"
#include "http/message.h"

namespace csauth::handlers {

/// Returns a refusal as OAuth 2.0 has it (RFC 6749, section 5.2): {error, error_description}, and for a
/// client that has not shown who it is 401 with a challenge to use Basic credentials.
http::Response oauth_refusal(const Error& error);

}  // namespace csauth::handlers
