#pragma once

#include "config.h"
#include "outages.h"
#include "server/process.h"

namespace csauth {

/// The role of the mail process: answers requests for mail, and takes mail from the outbox to the relay.
int run_mailer(const Config& config, Outages& outages, server::Process& process);

}  // namespace csauth
