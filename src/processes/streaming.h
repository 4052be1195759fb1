#pragma once

#include <optional>
#include <string>

#include "config.h"
#include "server/process.h"
#include "shared.h"

namespace csauth {

/// The role of the process that holds the live streams.
int run_streaming(const Config& config, Shared& shared, server::Process& process);

/// Raises the number of descriptors that this process and its children may have to what streams need. A
/// sentence about it where that is more than this machine allows.
std::optional<std::string> raise_descriptors(const Config& config);

}  // namespace csauth
