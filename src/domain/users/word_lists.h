#pragma once

#include <string_view>

namespace csauth::users {

/// Returns true if a password is on the list of common ones (common_passwords.txt, compiled in). `folded`:
/// the password in NFKC with folded case.
bool is_common_password(std::string_view folded);

/// Returns true if a name is reserved for the service itself (reserved_names.txt, compiled in). `key`:
/// Username::key().
bool is_reserved_name(std::string_view key);

}  // namespace csauth::users
