#pragma once

#include "server/process.h"
#include "shared.h"

namespace csauth {

/// Runs the imager, which decodes pictures for the workers of this machine. It has no key and no database.
/// Each picture is decoded in a child of its own, which has none of the shared memory. Returns 0 when the
/// process must leave.
int run_imager(const Shared& shared, server::Process& process);

}  // namespace csauth
