#pragma once

#include "ctl/command.h"

namespace csauth::ctl {

int session_list(const Config& config, const Arguments& arguments);
int session_revoke(const Config& config, const Arguments& arguments);
int recall_all(const Config& config, const Arguments& arguments);

}  // namespace csauth::ctl
