#pragma once

#include <vector>

#include "base/log.h"
#include "config.h"
#include "findings.h"

namespace csauth {

/// Looks at the schema, and at the rights of the database accounts of the service and of the keeper. A
/// database that is away is only a remark, because the workers wait for it.
std::vector<Finding> look_at_database(const Config& config);

/// Finds out whether csauthctl migrate can connect. The service itself needs no such account.
std::vector<Finding> look_as_migrator(const Config& config);

/// Returns whether csauthd may start on this database. If not, says why on standard error. Writes to the log
/// what an administrator should change.
bool is_database_good(const Config& config, const Log& log);

}  // namespace csauth
