#pragma once

#include "base/random.h"

namespace csauth::fakes {

/// A sequence that is the same in every run, and long enough never to repeat in a test.
class Random final : public csauth::Random {
public:
    void fill(std::span<std::uint8_t> bytes) override {
        for (auto& byte : bytes) {
            state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
            byte = static_cast<std::uint8_t>(state_ >> 56U);
        }
    }

private:
    std::uint64_t state_ = 42;
};

}  // namespace csauth::fakes
