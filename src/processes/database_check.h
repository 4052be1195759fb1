#pragma once

#include <vector>

#include "base/log.h"
#include "config.h"
#include "findings.h"

namespace csauth {

/// Checks the schema, and the rights of the database accounts of the service and of the keeper. Returns what
/// it found; empty if all is good. An unavailable database is only a remark, because the workers wait for it.
/// Opens connections and reads passwords, so the master calls it in found_by_child().
std::vector<Finding> look_at_database(const Config& config);

/// Checks whether csauthctl migrate can connect. Returns a warning if it can't, because the service itself
/// does not need that account. Empty if database.migrate_user is not set.
std::vector<Finding> look_as_migrator(const Config& config);

/// Returns true if csauthd may start with this database. Runs look_at_database() in a child. Prints problems
/// and remarks on standard error, and writes warnings to the log.
bool is_database_good(const Config& config, const Log& log);

}  // namespace csauth
