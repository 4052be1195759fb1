#pragma once

#include "ctl/command.h"

namespace csauth::ctl {

/// Lists the devices of a user that get push messages. Returns its exit status: 65 if there is no such user.
/// See command.h for those that all commands share.
int push_targets(const Config& config, const Arguments& arguments);

}  // namespace csauth::ctl
