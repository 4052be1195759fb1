#pragma once

#include <chrono>

#include "base/random.h"

namespace csauth::outbox {

/// Returns the wait after the `attempts`-th failed try: `first`, doubled after each further try, at most 4 h.
/// Up to a tenth of that is added or taken away at random.
std::chrono::seconds retry_delay(unsigned attempts, std::chrono::seconds first, Random& random);

}  // namespace csauth::outbox
