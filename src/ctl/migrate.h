#pragma once

#include "ctl/command.h"

namespace csauth::ctl {

/// csauthctl migrate
int migrate(const Config& config, const Arguments& arguments);

/// csauthctl migrate status
int migration_status(const Config& config, const Arguments& arguments);

/// csauthctl grants
int grants(const Config& config, const Arguments& arguments);

}  // namespace csauth::ctl
