#pragma once

#include "server/process.h"
#include "shared.h"

namespace csauth {

/// The role of the process that decodes pictures for the workers. It knows no key and no database.
/// Those who decode see nothing of what the processes share.
int run_imager(const Shared& shared, server::Process& process);

}  // namespace csauth
