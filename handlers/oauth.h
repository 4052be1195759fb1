#pragma once

#include "base/error.h"
#include "http/message.h"

namespace csauth::handlers {

/// Returns a refusal in the form of OAuth 2.0 (RFC 6749, section 5.2): {error, error_description}, with the
/// status of the error. A client without valid credentials gets 401 and a challenge to send Basic
/// credentials.
http::Response oauth_refusal(const Error& error);

}  // namespace csauth::handlers
