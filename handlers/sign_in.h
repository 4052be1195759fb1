#pragma once

#include "handlers/call.h"
#include "http/body_reader.h"
#include "sessions/session_opener.h"

namespace csauth::handlers {

/// {device_token?, device_type?, device_name?, device_key?}: what a client says of the device that it signs
/// in on. A browser's key comes as a cookie.
devices::DeviceClaim read_device_claim(http::BodyReader& body, const devices::DeviceKeys& keys,
                                       const http::Request& request);

/// How a client gets its tokens.
enum class TokenTransport { body, cookies };

/// Reads the header X-Session-Mode: `token`, the default, or `cookie`. `bad_request`: another word.
Result<TokenTransport> read_token_transport(const http::Request& request);

/// Returns the answer to a user who has signed in. Cookies carry the tokens and the key of the device; the
/// body has the rest, or all.
http::Response signed_in(Services& services, const Call& call, const sessions::OpenedSession& opened,
                         TokenTransport transport, int status, std::string_view message);

/// The same for clients that expect no more than a token pair.
http::Response signed_in_briefly(Services& services, const Call& call, const sessions::OpenedSession& opened,
                                 TokenTransport transport);

}  // namespace csauth::handlers
