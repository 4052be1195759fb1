#pragma once

#include <string>
#include <vector>

#include "accounts/personal_data.h"
#include "roles/role.h"
#include "sessions/admission.h"
#include "users/user.h"

/// What may leave the service, as JSON. A member that does not stand here does not leave.
namespace csauth::handlers::views {

/// A user as they see themselves.
std::string user(const users::User& user, const std::vector<roles::Role>& roles);

/// {user, tokens, permissions, session, message} for one who was just let in.
std::string admitted(const sessions::Admitted& admitted, std::string_view message);

/// {access, refresh}
std::string token_pair(const sessions::TokenPair& tokens);

/// All that is held about a person.
std::string personal_data(const accounts::PersonalData& data);

/// {message}
std::string message(std::string_view text);

}  // namespace csauth::handlers::views
