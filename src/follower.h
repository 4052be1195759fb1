#pragma once

#include "config.h"
#include "recall/board.h"
#include "server/process.h"

namespace csauth {

/// The role of the process that brings what other nodes have recalled to this node's board, and what was
/// recalled before it started. Nothing slow is done here: the board's age is how late a recall can be.
int run_follower(const Config& config, recall::Board& board, server::Process& process);

}  // namespace csauth
