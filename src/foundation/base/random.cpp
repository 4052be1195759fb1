#include "base/random.h"

#include <sys/random.h>

#include <cerrno>
#include <cstring>
#include <limits>
#include <system_error>

namespace csauth {

std::uint32_t Random::below(std::uint32_t bound) {
    // Values past the last whole multiple of the bound would favour small results.
    const std::uint32_t whole = std::numeric_limits<std::uint32_t>::max() / bound * bound;
    for (;;) {
        const auto drawn = bytes<sizeof(std::uint32_t)>();
        std::uint32_t value = 0;
        std::memcpy(&value, drawn.data(), sizeof value);
        if (value < whole) return value % bound;
    }
}

void SystemRandom::fill(std::span<std::uint8_t> bytes) {
    while (!bytes.empty()) {
        const auto got = ::getrandom(bytes.data(), bytes.size(), 0);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw std::system_error(errno, std::generic_category(), "getrandom");
        bytes = bytes.subspan(static_cast<std::size_t>(got));
    }
}

}  // namespace csauth
