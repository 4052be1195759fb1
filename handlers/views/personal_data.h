#pragma once

#include <string>

#include "accounts/personal_data.h"

namespace csauth::handlers::views {

/// Returns the document of GET /api/me/export. Beside each list, `…_are_complete` or `activity_is_complete`
/// says whether older items were left out.
std::string personal_data(const accounts::PersonalData& data);

}  // namespace csauth::handlers::views
