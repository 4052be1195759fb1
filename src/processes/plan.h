#pragma once

#include "config.h"
#include "server/master.h"
#include "shared.h"

namespace csauth {

/// Returns the number of processors, at least 1.
unsigned cores();

/// Returns the processes that the master runs with this configuration. The plan has copies of `config`, and
/// refers to `shared`.
server::Plan plan_for(const Config& config, Shared& shared);

}  // namespace csauth
