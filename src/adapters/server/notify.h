#pragma once

#include <string_view>

namespace csauth::server {

/// Tells systemd about our state (sd_notify(3)): "READY=1". Nothing happens outside of systemd.
void notify_systemd(std::string_view state);

}  // namespace csauth::server
