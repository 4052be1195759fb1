#pragma once

#include <string>
#include <vector>

#include "presence/who_is_online.h"

namespace csauth::handlers::views {

/// By user id: {status, last_seen}.
std::string seen(const std::vector<presence::Seen>& users);

}  // namespace csauth::handlers::views
