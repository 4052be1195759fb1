#pragma once

#include "config.h"

namespace csauth::ctl {

/// csauthctl migrate
int migrate(const Config& config);

/// csauthctl migrate status
int migration_status(const Config& config);

}  // namespace csauth::ctl
