#pragma once

#include <string_view>

namespace csauth::server {

/// Tells systemd the state of the service (sd_notify(3)), such as "READY=1". Has no effect if systemd did not
/// start the service. Ignores errors.
void notify_systemd(std::string_view state);

}  // namespace csauth::server
