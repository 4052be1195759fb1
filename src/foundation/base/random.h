#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace csauth {

/// The source of unguessable bytes. A test can choose them.
class Random {
public:
    virtual ~Random() = default;

    /// Fills all of `bytes`. Throws if the source is broken; then no secret may be issued.
    virtual void fill(std::span<std::uint8_t> bytes) = 0;

    /// Returns N unguessable bytes. Throws as fill() does.
    template <std::size_t N>
    std::array<std::uint8_t, N> bytes() {
        std::array<std::uint8_t, N> result;
        fill(result);
        return result;
    }

    /// Returns a uniformly distributed number in [0, bound). `bound` must be at least 1.
    std::uint32_t below(std::uint32_t bound);
};

/// getrandom(2), the kernel's generator. It gives no two processes the same bytes after a fork. fill() throws
/// std::system_error.
class SystemRandom final : public Random {
public:
    void fill(std::span<std::uint8_t> bytes) override;
};

}  // namespace csauth
