#pragma once

#include "config.h"

namespace csauth::ctl {

/// csauthctl key init
int key_init(const Config& config);

}  // namespace csauth::ctl
