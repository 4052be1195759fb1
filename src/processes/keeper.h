#pragma once

#include "config.h"
#include "server/process.h"
#include "shared.h"

namespace csauth {

/// The role of the housekeeping process: writes once a second what this node has seen of its sessions, and
/// deletes what has served its time. The latter one node does for all.
int run_keeper(const Config& config, Shared& shared, server::Process& process);

}  // namespace csauth
