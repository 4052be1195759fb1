#include "outbox/retry.h"

#include <algorithm>

namespace csauth::outbox {

std::chrono::seconds retry_delay(unsigned attempts, std::chrono::seconds first, Random& random) {
    constexpr std::chrono::seconds longest{4 * 60 * 60};
    constexpr unsigned most_doublings = 14;  // from a second to more than four hours
    const auto base =
        std::min(longest, first * (1U << std::min(std::max(attempts, 1U) - 1U, most_doublings)));
    const auto fifth = static_cast<std::uint32_t>(base.count() / 5);
    return base - std::chrono::seconds{fifth / 2} + std::chrono::seconds{random.below(fifth + 1)};
}

}  // namespace csauth::outbox
