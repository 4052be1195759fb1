#pragma once

#include <string_view>

namespace csauth::users {

/// Whether the lower-case NFKC form of a password is on the list of common ones
/// (src/domain/users/common_passwords.txt, compiled in).
bool is_common_password(std::string_view folded);

/// Whether a name's key is kept for the service itself (src/domain/users/reserved_names.txt, compiled in).
bool is_reserved_name(std::string_view key);

}  // namespace csauth::users
