#include "images/middle_square.h"

#include <algorithm>

namespace csauth::images {
namespace {

constexpr std::size_t kChannels = 4;

void add_pixel(std::uint32_t* sums, const std::uint8_t* rgba) {
    const std::uint32_t alpha = rgba[3];
    sums[0] += rgba[0] * alpha;
    sums[1] += rgba[1] * alpha;
    sums[2] += rgba[2] * alpha;
    sums[3] += alpha;
}

}  // namespace

MiddleSquare::MiddleSquare(std::uint32_t width, std::uint32_t height) {
    const std::uint32_t shorter = std::min(width, height);
    box_ = (shorter + kLongestSquare - 1) / kLongestSquare;
    side_ = shorter / box_;
    left_ = (width - side_ * box_) / 2;
    top_ = (height - side_ * box_) / 2;
    // A box of 64 × 64 opaque white pixels stays below 2^32; kMostPixels allows 8 × 8.
    static_assert(kMostPixels < std::uint64_t{64} * 64 * kLongestSquare * kLongestSquare);
    sums_.resize(std::size_t{side_} * side_ * kChannels);
}

void MiddleSquare::add(std::uint32_t y, std::span<const std::uint8_t> rgba, std::uint32_t x,
                       std::uint32_t step) {
    if (y < top_ || y >= top_ + side_ * box_) return;
    auto* const row = sums_.data() + std::size_t{(y - top_) / box_} * side_ * kChannels;
    const auto right = left_ + side_ * box_;
    const auto first = x >= left_ ? 0 : (left_ - x + step - 1) / step;
    auto at = x + first * step;
    auto box = at >= left_ ? (at - left_) / box_ : 0;
    auto box_end = left_ + (box + 1) * box_;
    for (auto i = std::size_t{first} * kChannels; i + kChannels <= rgba.size() && at < right;
         i += kChannels, at += step) {
        while (at >= box_end) {
            ++box;
            box_end += box_;
        }
        add_pixel(row + box * kChannels, rgba.data() + i);
    }
}

Square MiddleSquare::take() const {
    const std::uint32_t count = box_ * box_;
    Square square{side_, std::vector<std::uint8_t>(sums_.size())};
    for (std::size_t i = 0; i < sums_.size(); i += kChannels) {
        const std::uint32_t alpha = sums_[i + 3];
        for (std::size_t channel = 0; channel < 3 && alpha != 0; ++channel)
            square.pixels[i + channel] = static_cast<std::uint8_t>((sums_[i + channel] + alpha / 2) / alpha);
        square.pixels[i + 3] = static_cast<std::uint8_t>((alpha + count / 2) / count);
    }
    return square;
}

}  // namespace csauth::images
