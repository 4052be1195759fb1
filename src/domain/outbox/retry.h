#pragma once

#include <chrono>

#include "base/random.h"

namespace csauth::outbox {

/// The wait after the `attempts`-th failed try: `first`, doubling, to 4 h, a tenth more or less at random.
std::chrono::seconds retry_delay(unsigned attempts, std::chrono::seconds first, Random& random);

}  // namespace csauth::outbox
