#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace csauth::images {

/// Reads numbers and pieces of bytes that outlive it. After a read past the end, this one and all later reads
/// return nullopt.
class ByteReader {
public:
    explicit ByteReader(std::string_view bytes) : rest_{bytes} {}

    std::size_t left() const { return rest_.size(); }
    std::string_view rest() const { return rest_; }

    /// Returns the next `count` bytes, which are a part of what was given to the constructor.
    std::optional<std::string_view> take(std::size_t count) {
        if (rest_.size() < count) {
            rest_ = {};
            return std::nullopt;
        }
        const auto piece = rest_.substr(0, count);
        rest_.remove_prefix(count);
        return piece;
    }

    /// `count`: 1 to 4 bytes.
    std::optional<std::uint32_t> big_endian(std::size_t count) {
        const auto piece = take(count);
        if (!piece) return std::nullopt;
        std::uint32_t value = 0;
        for (const char c : *piece)
            value = value << 8U | static_cast<unsigned char>(c);
        return value;
    }

    /// `count`: 1 to 4 bytes.
    std::optional<std::uint32_t> little_endian(std::size_t count) {
        const auto piece = take(count);
        if (!piece) return std::nullopt;
        std::uint32_t value = 0;
        for (std::size_t i = count; i-- > 0;)
            value = value << 8U | static_cast<unsigned char>((*piece)[i]);
        return value;
    }

private:
    std::string_view rest_;
};

}  // namespace csauth::images
