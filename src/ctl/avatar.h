#pragma once

#include "ctl/command.h"

namespace csauth::ctl {

int avatar_sweep(const Config& config, const Arguments& arguments);

}  // namespace csauth::ctl
