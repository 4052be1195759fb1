#pragma once

#include <cstdint>
#include <cstring>

#include "base/uuid.h"

namespace csauth {

/// Returns a hash of a UUID of version 7, whose last 8 bytes are random. Multiplying spreads UUIDs whose
/// random part has few bits.
inline std::uint64_t hash_of(const Uuid& uuid) {
    constexpr std::uint64_t golden_ratio = 0x9e3779b97f4a7c15U;
    constexpr unsigned weak_bits = 16;
    std::uint64_t random = 0;
    std::memcpy(&random, uuid.bytes.data() + sizeof random, sizeof random);
    return random * golden_ratio >> weak_bits;
}

}  // namespace csauth
