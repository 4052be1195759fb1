#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "config.h"

namespace csauth {

/// Reads the configuration, and checks it with the keys, secret files and mail templates that it names.
/// Returns all that is wrong otherwise.
Result<Config, std::vector<ConfigProblem>> load_checked_config(const std::string& file);

/// Prints the problems on standard error.
void print(const std::vector<ConfigProblem>& problems);

/// csauthd -t: prints everything that keeps the service from working. Returns the exit status.
int check_config(const std::string& file);

}  // namespace csauth
