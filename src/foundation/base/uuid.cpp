#include "base/uuid.h"

#include <algorithm>
#include <chrono>
#include <span>

#include "base/encoding.h"

namespace csauth {

Uuid Uuid::first_of(TimePoint time) {
    Uuid uuid;
    auto milliseconds = static_cast<std::uint64_t>(std::max<std::int64_t>(
        std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count(), 0));
    for (int i = 5; i >= 0; --i, milliseconds >>= 8U)
        uuid.bytes[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(milliseconds);
    return uuid;
}

Uuid Uuid::v7(TimePoint now, Random& random) {
    Uuid uuid = first_of(now);
    random.fill(std::span{uuid.bytes}.subspan(6));
    uuid.bytes[6] = static_cast<std::uint8_t>((uuid.bytes[6] & 0x0fU) | 0x70U);
    uuid.bytes[8] = static_cast<std::uint8_t>((uuid.bytes[8] & 0x3fU) | 0x80U);
    return uuid;
}

std::optional<Uuid> Uuid::parse(std::string_view text) {
    if (text.size() != 36) return std::nullopt;
    Uuid uuid;
    std::size_t digits = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (i == 8 || i == 13 || i == 18 || i == 23) {
            if (c != '-') return std::nullopt;
            continue;
        }
        unsigned value = 0;
        if (c >= '0' && c <= '9')
            value = static_cast<unsigned>(c - '0');
        else if (c >= 'a' && c <= 'f')
            value = static_cast<unsigned>(c - 'a') + 10U;
        else
            return std::nullopt;
        auto& byte = uuid.bytes[digits++ / 2];
        byte = static_cast<std::uint8_t>(byte << 4U | value);
    }
    return uuid;
}

std::string Uuid::text() const {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text = "00000000-0000-0000-0000-000000000000";
    auto at = text.begin();
    for (const std::uint8_t byte : bytes) {
        if (*at == '-') ++at;
        *at++ = digits[byte >> 4U];
        *at++ = digits[byte & 15U];
    }
    return text;
}

}  // namespace csauth
