#pragma once

#include <string>

#include "http/body_reader.h"
#include "http/return_address.h"

namespace csauth::handlers {

/// Reads the member `return_to`, the address to which the user wants to go after signing in. Returns an empty
/// text if it is missing. Complains to `body` with the field code `invalid` if http::return_address() refuses
/// the address, and returns an empty text then, too.
std::string read_return_to(http::BodyReader& body, const http::ReturnHosts& allowed);

}  // namespace csauth::handlers
