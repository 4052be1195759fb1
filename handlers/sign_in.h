#pragma once

#include "handlers/call.h"
#include "http/body_reader.h"
#include "sessions/session_opener.h"

namespace csauth::handlers {

/// {device_token?, device_type?, device_name?, device_key?}: what a client says of the device that it signs
/// in on. A browser's key comes as a cookie.
devices::DeviceClaim read_device_claim(http::BodyReader& body, const devices::DeviceKeys& keys,
                                       const http::Request& request);

/// Whether the tokens are to come as cookies: "X-Session-Mode: cookie". bad_request: another word.
Result<bool> wants_cookies(const http::Request& request);

/// The answer to one who was let in: everything in the body; with cookies, all but what they carry.
Result<http::Response> signed_in(Services& services, const Call& call,
                                 const sessions::OpenedSession& admitted, int status,
                                 std::string_view message);

/// The same for clients that expect no more than a token pair.
Result<http::Response> signed_in_briefly(Services& services, const Call& call,
                                         const sessions::OpenedSession& admitted);

}  // namespace csauth::handlers
