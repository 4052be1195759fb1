#include <gd.h>

#include <array>
#include <memory>

#include "images/middle_square.h"

namespace csauth::images {
namespace {

struct FreedImage {
    void operator()(gdImage* image) const { gdImageDestroy(image); }
};

}  // namespace

// libgd reads the first frame, with one byte for each pixel.
std::optional<Square> decode_gif(std::string_view file, const Picture& picture) {
    const std::unique_ptr<gdImage, FreedImage> image{
        gdImageCreateFromGifPtr(static_cast<int>(file.size()), const_cast<char*>(file.data()))};  // only read
    if (!image || gdImageTrueColor(image) || gdImageSX(image) != static_cast<int>(picture.width) ||
        gdImageSY(image) != static_cast<int>(picture.height))
        return std::nullopt;
    using Colour = std::array<std::uint8_t, 4>;
    std::array<Colour, gdMaxColors> colours{};
    for (int i = 0; i < gdImageColorsTotal(image); ++i) {
        const bool is_clear = i == gdImageGetTransparent(image);
        colours.at(static_cast<std::size_t>(i)) = {static_cast<std::uint8_t>(gdImageRed(image, i)),
                                                   static_cast<std::uint8_t>(gdImageGreen(image, i)),
                                                   static_cast<std::uint8_t>(gdImageBlue(image, i)),
                                                   static_cast<std::uint8_t>(is_clear ? 0 : 255)};
    }
    MiddleSquare square{picture.width, picture.height};
    std::vector<std::uint8_t> row(std::size_t{picture.width} * 4);
    for (std::uint32_t y = 0; y < picture.height; ++y) {
        auto to = row.begin();
        for (std::uint32_t x = 0; x < picture.width; ++x) {
            const auto& colour = colours[image->pixels[y][x]];
            to = std::copy(colour.begin(), colour.end(), to);
        }
        square.add(y, row);
    }
    return square.take();
}

}  // namespace csauth::images
