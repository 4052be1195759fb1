#pragma once

#include <optional>
#include <string>

#include "config.h"
#include "server/process.h"
#include "shared.h"

namespace csauth {

/// Runs the streamer, which holds all live streams of this node. Returns 0 when the process must leave; see
/// streamer::run().
int run_streaming(const Config& config, Shared& shared, server::Process& process);

/// Raises the limit of open files of this process and its children to what server.streams needs. Returns a
/// sentence for the administrator if this machine allows fewer files, or a shorter queue of connections;
/// otherwise nullopt.
std::optional<std::string> raise_descriptors(const Config& config);

}  // namespace csauth
