#pragma once

#include "config.h"
#include "server/process.h"

namespace csauth {

/// The role of the housekeeping process: deletes what has served its time. Of several nodes one does it.
int run_keeper(const Config& config, server::Process& process);

}  // namespace csauth
