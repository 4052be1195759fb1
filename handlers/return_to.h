#pragma once

#include <string>

#include "http/body_reader.h"
#include "http/return_address.h"

namespace csauth::handlers {

/// Reads `return_to`: where the user wants to go after signing in. Returns an empty text if it is missing,
/// and complains (`invalid`) about an address that http::return_address() refuses.
std::string read_return_to(http::BodyReader& body, const http::ReturnHosts& allowed);

}  // namespace csauth::handlers
