#pragma once

#include <string>
#include <vector>

#include "presence/who_is_online.h"

namespace csauth::handlers::views {

/// Returns {user ID: {status, last_seen}}. An unknown `last_seen` is null.
std::string seen(const std::vector<presence::Seen>& users);

}  // namespace csauth::handlers::views
