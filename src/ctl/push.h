#pragma once

#include "ctl/command.h"

namespace csauth::ctl {

int push_targets(const Config& config, const Arguments& arguments);

}  // namespace csauth::ctl
