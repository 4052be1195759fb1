#pragma once

#include "config.h"
#include "server/process.h"
#include "shared.h"

namespace csauth {

/// Runs the follower: four times a second, reads the recalls of all nodes from the database and enters them
/// on this node's board. At the start it reads all that still matter. Returns 0 when the process must leave.
/// It does nothing slow, because the age of the board is how late a recall can be.
int run_follower(const Config& config, Shared& shared, server::Process& process);

}  // namespace csauth
