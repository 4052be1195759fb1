#pragma once

#include "ctl/command.h"

namespace csauth::ctl {

/// csauthctl key init
int key_init(const Config& config, const Arguments& arguments);

}  // namespace csauth::ctl
