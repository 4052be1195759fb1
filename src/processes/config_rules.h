#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config.h"

namespace csauth {

/// Returns what is wrong with the values of `config`, each as a sentence that says what is wrong and what to
/// do. `where` is "section.key". Reads no file and does not use the network.
std::vector<ConfigProblem> broken_rules(const Config& config);

/// Returns values that work but are probably a mistake, in the same form.
std::vector<ConfigProblem> doubts(const Config& config);

}  // namespace csauth
