#pragma once

#include "config.h"
#include "server/process.h"
#include "shared.h"

namespace csauth {

/// Runs the keeper. Once a second it writes the presence and the sightings of this node to the database. Once
/// a minute the keeper of one node, for all nodes, seals the audit log and deletes what is no longer of use.
/// Uses the keeper's database account. Returns 0 when the process must leave, after it has tried to write the
/// last sightings.
int run_keeper(const Config& config, Shared& shared, server::Process& process);

}  // namespace csauth
