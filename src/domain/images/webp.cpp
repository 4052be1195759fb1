#include <webp/decode.h>

#include <algorithm>

#include "images/middle_square.h"

namespace csauth::images {

std::optional<Square> decode_webp(std::string_view file, const Picture& picture) {
    WebPDecoderConfig config;
    if (WebPInitDecoderConfig(&config) == 0) return std::nullopt;
    const auto frame = first_frame(file);
    const auto shorter = std::min(picture.width, picture.height);
    const auto side = std::min(shorter, kSmallestSquare);
    Square square{side, std::vector<std::uint8_t>(std::size_t{side} * side * 4)};
    auto& options = config.options;
    options.use_cropping = 1;
    options.crop_left = static_cast<int>((picture.width - shorter) / 2);
    options.crop_top = static_cast<int>((picture.height - shorter) / 2);
    options.crop_width = options.crop_height = static_cast<int>(shorter);
    options.use_scaling = 1;
    options.scaled_width = options.scaled_height = static_cast<int>(side);
    config.output.colorspace = MODE_RGBA;
    config.output.is_external_memory = 1;
    config.output.u.RGBA = {square.pixels.data(), static_cast<int>(side * 4), square.pixels.size()};
    const auto* const bytes = reinterpret_cast<const std::uint8_t*>(frame.data());
    if (::WebPGetFeatures(bytes, frame.size(), &config.input) != VP8_STATUS_OK ||
        config.input.width != static_cast<int>(picture.width) ||
        config.input.height != static_cast<int>(picture.height))
        return std::nullopt;
    if (::WebPDecode(bytes, frame.size(), &config) != VP8_STATUS_OK) return std::nullopt;
    return square;
}

}  // namespace csauth::images
