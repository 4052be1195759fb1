#pragma once

#include <chrono>

#include "base/random.h"

namespace csauth::outbox {

/// The wait after the `attempts`-th failed try: 1 min, doubling, to 4 h, a tenth more or less at random.
std::chrono::seconds retry_delay(unsigned attempts, Random& random);

}  // namespace csauth::outbox
