#pragma once

#include "server/process.h"

namespace csauth {

/// The role of the process that decodes pictures for the workers. It knows no key and no database.
int run_imager(server::Process& process);

}  // namespace csauth
