#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "images/picture.h"

/// Decodes pictures at a reduced scale: the part that an avatar shows, in memory that does not grow with it.
namespace csauth::images {

/// A square is never reduced to fewer pixels a side. The large form of an avatar has as many.
inline constexpr std::uint32_t kSmallestSquare = 512;

/// A square of pixels, row after row, four bytes each: red, green, blue, alpha (255: opaque).
struct Square {
    std::uint32_t side = 0;
    std::vector<std::uint8_t> pixels = {};
};

/// Collects the pixels of the square in a picture's middle. A square of more than kLongestSquare pixels a
/// side is reduced to more than half of that: each of its pixels becomes the average of a box of pixels.
class MiddleSquare {
public:
    static constexpr std::uint32_t kLongestSquare = 2 * kSmallestSquare;

    /// `width` and `height` of the picture, in pixels: at least 1 each.
    MiddleSquare(std::uint32_t width, std::uint32_t height);

    /// Takes pixels of row `y`: the first is at column `x`, the others `step` columns apart. Rows come in any
    /// order, each pixel once. Pixels outside the square are ignored.
    void add(std::uint32_t y, std::span<const std::uint8_t> rgba, std::uint32_t x = 0,
             std::uint32_t step = 1);

    /// Returns the square. Pixels that were not added are transparent.
    Square take() const;

private:
    std::uint32_t box_;   ///< this many pixels a side become one
    std::uint32_t side_;  ///< of the square that take() returns
    std::uint32_t left_;
    std::uint32_t top_;
    std::vector<std::uint32_t> sums_;  ///< of each box: the colours, weighted by their alpha, and the alpha
};

// Each returns the middle square of a file of its format that inspect() takes, or nullopt if the file can't
// be decoded. `picture` is what inspect() returns for the file. They run libraries over bytes that a stranger
// has chosen. Call them in the imager's child only.
std::optional<Square> decode_jpeg(std::string_view file, const Picture& picture);
std::optional<Square> decode_png(std::string_view file, const Picture& picture);
std::optional<Square> decode_webp(std::string_view file, const Picture& picture);
std::optional<Square> decode_gif(std::string_view file, const Picture& picture);

}  // namespace csauth::images
