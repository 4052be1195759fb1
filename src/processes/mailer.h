#pragma once

#include "config.h"
#include "outages.h"
#include "server/process.h"

namespace csauth {

/// Runs the mailer: turns requests for mail into mails, and delivers mails of the outbox to the relay.
/// Returns 0 when the process must leave. A mail that was delivered just before the process is killed may be
/// sent twice.
int run_mailer(const Config& config, Outages& outages, server::Process& process);

}  // namespace csauth
