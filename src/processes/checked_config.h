#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "config.h"

namespace csauth {

/// Reads the configuration and checks it together with the keys, secret files and mail templates that it
/// names. Returns the configuration, or all problems. Keys and secrets are read in a child process, so that
/// the master holds none.
Result<Config, std::vector<ConfigProblem>> load_checked_config(const std::string& file);

/// Prints the problems on standard error.
void print(const std::vector<ConfigProblem>& problems);

/// Runs csauthd -t: prints all problems and warnings. As root, first gives up root for the owner of keys.dir.
/// Returns the exit status: 0 if all is good, 69 if the only problem is that no connection to the database
/// can be opened, otherwise 78.
int check_config(const std::string& file);

}  // namespace csauth
