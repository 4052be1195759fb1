#pragma once

#include <string_view>

namespace csauth::http {

/// Returns the reason phrase of a status ("Not Found", RFC 9110, section 15); empty for a status that the
/// service never sends.
std::string_view reason_phrase(int status);

}  // namespace csauth::http
