#pragma once

#include "ctl/command.h"

namespace csauth::ctl {

/// Removes picture files that no user shows and prints how many. Returns its exit status: 65 if a directory
/// can't be opened. See command.h for those that all commands share.
int avatar_sweep(const Config& config, const Arguments& arguments);

}  // namespace csauth::ctl
