#pragma once

#include "handlers/call.h"
#include "http/body_reader.h"
#include "sessions/session_opener.h"

namespace csauth::handlers {

/// Reads what a client says about the device on which it signs in: {device_token?, device_type?,
/// device_name?, device_key?}. Without a `device_key` in the body, takes the key from the device cookie.
/// Complains to `body` about members that are not valid.
devices::DeviceClaim read_device_claim(http::BodyReader& body, const devices::DeviceKeys& keys,
                                       const http::Request& request);

/// How a client gets its tokens: in the body of the answer, or as cookies.
enum class TokenTransport { body, cookies };

/// Returns the transport that the header X-Session-Mode asks for: `token`, the default, or `cookie`.
/// `bad_request`: it is another word.
Result<TokenTransport> read_token_transport(const http::Request& request);

/// Returns the answer to a user who has signed in, and shows the device as present. With
/// TokenTransport::cookies the tokens and the device key are cookies, and the body has the rest. Otherwise
/// the body has everything.
http::Response signed_in(Services& services, const Call& call, const sessions::OpenedSession& opened,
                         TokenTransport transport, int status, std::string_view message);

/// Returns the same for clients that expect a token pair alone: status 200 and {access, refresh}, or {} with
/// cookies.
http::Response signed_in_briefly(Services& services, const Call& call, const sessions::OpenedSession& opened,
                                 TokenTransport transport);

}  // namespace csauth::handlers
