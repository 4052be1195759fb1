#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace csauth {

/// Where unguessable bytes come from, so that a test can choose them.
class Random {
public:
    virtual ~Random() = default;

    /// Fills all of `bytes`; throws when the source is broken, and then nothing may be issued.
    virtual void fill(std::span<std::uint8_t> bytes) = 0;

    template <std::size_t N>
    std::array<std::uint8_t, N> bytes() {
        std::array<std::uint8_t, N> result;
        fill(result);
        return result;
    }

    /// Uniform in [0, bound); `bound` is at least 1.
    std::uint32_t below(std::uint32_t bound);
};

/// getrandom(2): the kernel's generator, which a fork cannot make repeat itself.
class SystemRandom final : public Random {
public:
    void fill(std::span<std::uint8_t> bytes) override;
};

}  // namespace csauth
