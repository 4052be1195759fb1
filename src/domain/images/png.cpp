#include <png.h>

#include <csetjmp>
#include <cstring>

#include "images/middle_square.h"

namespace csauth::images {
namespace {

/// What decode() needs of libpng.
struct Reading {
    std::string_view rest;
    png_structp png = nullptr;
    png_infop info = nullptr;

    explicit Reading(std::string_view file) : rest{file} {
        png = ::png_create_read_struct(PNG_LIBPNG_VER_STRING, nullptr, fail, [](png_structp, const char*) {});
        if (png != nullptr) info = ::png_create_info_struct(png);
    }
    ~Reading() { ::png_destroy_read_struct(&png, &info, nullptr); }
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;

    [[noreturn]] static void fail(png_structp png, const char*) { ::png_longjmp(png, 1); }

    static void read(png_structp png, png_bytep to, std::size_t size) {
        auto& rest = static_cast<Reading*>(::png_get_io_ptr(png))->rest;
        if (rest.size() < size) fail(png, "");
        std::memcpy(to, rest.data(), size);
        rest.remove_prefix(size);
    }
};

/// Adds the rows of a picture, or of one pass of an interlaced one, in which the pixels are further apart.
void read_pass(Reading& from, const Picture& picture, int pass, bool is_interlaced, MiddleSquare& square,
               std::vector<std::uint8_t>& row) {
    const auto first_column = is_interlaced ? PNG_PASS_START_COL(pass) : 0U;
    const auto first_row = is_interlaced ? PNG_PASS_START_ROW(pass) : 0U;
    const auto column_step = is_interlaced ? 1U << PNG_PASS_COL_SHIFT(pass) : 1U;
    const auto row_step = is_interlaced ? 1U << PNG_PASS_ROW_SHIFT(pass) : 1U;
    if (picture.width <= first_column) return;  // such a pass has no rows
    const auto columns = (picture.width - first_column + column_step - 1) / column_step;
    for (auto y = first_row; y < picture.height; y += row_step) {
        ::png_read_row(from.png, row.data(), nullptr);
        square.add(y, std::span{row}.first(std::size_t{columns} * 4), first_column, column_step);
    }
}

/// Returns false if libpng gives up. The caller owns all that is destroyed at the end, because errors jump
/// over destructors here.
bool decode(Reading& from, const Picture& picture, MiddleSquare& square, std::vector<std::uint8_t>& row) {
    if (from.info == nullptr || setjmp(png_jmpbuf(from.png)) != 0) return false;  // NOLINT: a C library
    ::png_set_read_fn(from.png, &from, Reading::read);
    ::png_read_info(from.png, from.info);
    if (::png_get_image_width(from.png, from.info) != picture.width ||
        ::png_get_image_height(from.png, from.info) != picture.height)
        return false;
    ::png_set_expand(from.png);
    ::png_set_scale_16(from.png);
    ::png_set_gray_to_rgb(from.png);
    ::png_set_add_alpha(from.png, 0xff, PNG_FILLER_AFTER);
    ::png_read_update_info(from.png, from.info);
    row.resize(::png_get_rowbytes(from.png, from.info));
    if (row.size() != std::size_t{picture.width} * 4) return false;
    // Interlaced pictures come pass by pass, each pixel once: libpng would need all of the picture in memory.
    const bool is_interlaced = ::png_get_interlace_type(from.png, from.info) != PNG_INTERLACE_NONE;
    for (int pass = 0; pass < (is_interlaced ? PNG_INTERLACE_ADAM7_PASSES : 1); ++pass)
        read_pass(from, picture, pass, is_interlaced, square, row);
    return true;
}

}  // namespace

std::optional<Square> decode_png(std::string_view file, const Picture& picture) {
    const std::string bare = without_extras(file);
    Reading reading{bare};
    MiddleSquare square{picture.width, picture.height};
    std::vector<std::uint8_t> row;
    if (!decode(reading, picture, square, row)) return std::nullopt;
    return square.take();
}

}  // namespace csauth::images
