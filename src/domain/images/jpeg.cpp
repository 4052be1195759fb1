// clang-format off
#include <cstdio>  // jpeglib.h needs it first
#include <jpeglib.h>
// clang-format on

#include <algorithm>
#include <csetjmp>

#include "images/middle_square.h"

namespace csauth::images {
namespace {

/// What decode() needs of libjpeg. Errors jump back to where `place` was set.
struct Decompression {
    jpeg_decompress_struct jpeg{};
    jpeg_error_mgr errors{};
    std::jmp_buf place{};

    Decompression() {
        jpeg.err = ::jpeg_std_error(&errors);
        jpeg.client_data = this;
        errors.error_exit = [](j_common_ptr broken) {
            std::longjmp(static_cast<Decompression*>(broken->client_data)->place, 1);  // NOLINT: a C library
        };
        errors.emit_message = [](j_common_ptr, int) {};  // a warning: most such files look right
    }
    ~Decompression() { ::jpeg_destroy_decompress(&jpeg); }
    Decompression(const Decompression&) = delete;
    Decompression& operator=(const Decompression&) = delete;
};

/// Chooses the smallest of libjpeg's scales, in eighths, at which the square is as large as an avatar.
void choose_scale(jpeg_decompress_struct& jpeg) {
    jpeg.scale_denom = 8;
    for (jpeg.scale_num = 1; jpeg.scale_num < 8; ++jpeg.scale_num) {
        ::jpeg_calc_output_dimensions(&jpeg);
        if (std::min(jpeg.output_width, jpeg.output_height) >= kSmallestSquare) return;
    }
}

/// Converts pixels in place. `is_inverted`: 255 means no ink, as Adobe's programs write it.
void rgba_of_cmyk(std::span<std::uint8_t> pixels, bool is_inverted) {
    for (std::size_t i = 0; i + 4 <= pixels.size(); i += 4) {
        const auto ink_free = [&](std::size_t channel) -> unsigned {
            return is_inverted ? pixels[i + channel] : 255U - pixels[i + channel];
        };
        const auto black = ink_free(3);
        for (std::size_t channel = 0; channel < 3; ++channel)
            pixels[i + channel] = static_cast<std::uint8_t>(ink_free(channel) * black / 255);
        pixels[i + 3] = 255;
    }
}

/// Returns false if libjpeg gives up. The caller owns all that is destroyed at the end, because errors jump
/// over destructors here.
bool decode(Decompression& from, std::string_view file, const Picture& picture,
            std::optional<MiddleSquare>& square, std::vector<std::uint8_t>& row) {
    if (setjmp(from.place) != 0) return false;  // NOLINT: a C library
    jpeg_decompress_struct& jpeg = from.jpeg;
    jpeg_create_decompress(&jpeg);
    ::jpeg_mem_src(&jpeg, reinterpret_cast<const unsigned char*>(file.data()), file.size());
    ::jpeg_read_header(&jpeg, TRUE);
    if (jpeg.image_width != picture.width || jpeg.image_height != picture.height) return false;
    const bool is_cmyk = jpeg.num_components == 4;
    jpeg.out_color_space = is_cmyk ? JCS_CMYK : JCS_EXT_RGBA;
    choose_scale(jpeg);
    ::jpeg_start_decompress(&jpeg);
    square.emplace(jpeg.output_width, jpeg.output_height);
    row.resize(std::size_t{jpeg.output_width} * 4);
    for (auto* data = row.data(); jpeg.output_scanline < jpeg.output_height;) {
        ::jpeg_read_scanlines(&jpeg, &data, 1);
        if (is_cmyk) rgba_of_cmyk(row, jpeg.saw_Adobe_marker != FALSE);
        square->add(jpeg.output_scanline - 1, row);
    }
    return true;
}

}  // namespace

std::optional<Square> decode_jpeg(std::string_view file, const Picture& picture) {
    Decompression decompression;
    std::optional<MiddleSquare> square;
    std::vector<std::uint8_t> row;
    if (!decode(decompression, file, picture, square, row)) return std::nullopt;
    return square->take();
}

}  // namespace csauth::images
