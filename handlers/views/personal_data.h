#pragma once

#include <string>

#include "accounts/personal_data.h"

namespace csauth::handlers::views {

/// Everything that is kept of a user, for their export.
std::string personal_data(const accounts::PersonalData& data);

}  // namespace csauth::handlers::views
