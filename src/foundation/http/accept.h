#pragma once

#include <string_view>

namespace csauth::http {

/// Returns true if an Accept header (RFC 9110, section 12.5.1) names `application/json`, but not
/// `application/problem+json`, each with a weight above 0 and with any parameters. Ranges such as `*/*` and
/// `application/*` name neither. A weight that is not one of RFC 9110, section 12.4.2 counts as 0.
bool asks_for_plain_json(std::string_view accept);

}  // namespace csauth::http
