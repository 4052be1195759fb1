#pragma once

#include "config.h"
#include "server/process.h"
#include "shared.h"

namespace csauth {

/// The role of the process that brings what other nodes have recalled to this node's board, and what was
/// recalled before it started. Nothing slow is done here: the board's age is how late a recall can be.
int run_follower(const Config& config, Shared& shared, server::Process& process);

}  // namespace csauth
