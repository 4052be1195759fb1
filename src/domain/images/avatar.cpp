#include "images/avatar.h"

#include <gd.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

#include "images/middle_square.h"
#include "images/picture.h"

namespace csauth::images {
namespace {

constexpr int kQuality = 80;  // of 100

struct FreedImage {
    void operator()(gdImage* image) const { gdImageDestroy(image); }
};
using ImagePtr = std::unique_ptr<gdImage, FreedImage>;

struct FreedBytes {
    void operator()(void* bytes) const { gdFree(bytes); }
};

std::optional<Square> decode(std::string_view file, const Picture& picture) {
    switch (picture.format) {
        case Format::png: return decode_png(file, picture);
        case Format::jpeg: return decode_jpeg(file, picture);
        case Format::webp: return decode_webp(file, picture);
        case Format::gif: return decode_gif(file, picture);
    }
    return std::nullopt;
}

ImagePtr canvas(int side) {
    ImagePtr image{gdImageCreateTrueColor(side, side)};
    if (image) {
        gdImageAlphaBlending(image.get(), 0);
        gdImageSaveAlpha(image.get(), 1);
    }
    return image;
}

ImagePtr image_of(const Square& square) {
    ImagePtr image = canvas(static_cast<int>(square.side));
    if (!image) return nullptr;
    const std::uint8_t* rgba = square.pixels.data();
    for (std::uint32_t y = 0; y < square.side; ++y)
        for (std::uint32_t x = 0; x < square.side; ++x, rgba += 4)
            image->tpixels[y][x] =
                gdTrueColorAlpha(rgba[0], rgba[1], rgba[2], gdAlphaMax - rgba[3] * gdAlphaMax / 255);
    return image;
}

ImagePtr scaled(gdImage* from, int side) {
    ImagePtr to = canvas(side);
    if (to) gdImageCopyResampled(to.get(), from, 0, 0, 0, 0, side, side, gdImageSX(from), gdImageSY(from));
    return to;
}

/// Undoes what the Exif orientation says about how the camera was held.
ImagePtr upright(ImagePtr image, unsigned orientation) {
    if (orientation == 1) return image;
    const int last = gdImageSX(image.get()) - 1;
    ImagePtr turned = canvas(last + 1);
    if (!turned) return nullptr;
    for (int y = 0; y <= last; ++y) {
        for (int x = 0; x <= last; ++x) {
            int from_x = x;
            int from_y = y;
            switch (orientation) {
                case 2: from_x = last - x; break;
                case 3:
                    from_x = last - x;
                    from_y = last - y;
                    break;
                case 4: from_y = last - y; break;
                case 5:
                    from_x = y;
                    from_y = x;
                    break;
                case 6:
                    from_x = y;
                    from_y = last - x;
                    break;
                case 7:
                    from_x = last - y;
                    from_y = last - x;
                    break;
                case 8:
                    from_x = last - y;
                    from_y = x;
                    break;
                default: break;
            }
            gdImageSetPixel(turned.get(), x, y, gdImageGetTrueColorPixel(image.get(), from_x, from_y));
        }
    }
    return turned;
}

std::optional<std::string> encode(gdImage* image) {
    int size = 0;
    const std::unique_ptr<void, FreedBytes> bytes{gdImageWebpPtrEx(image, &size, kQuality)};
    if (!bytes || size <= 0) return std::nullopt;
    return std::string{static_cast<const char*>(bytes.get()), static_cast<std::size_t>(size)};
}

/// Returns a small picture with colours and, except in JPEG, transparency.
std::string sample(Format format) {
    constexpr int side = 64;
    const ImagePtr image = canvas(side);
    if (!image) return {};
    for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x)
            gdImageSetPixel(image.get(), x, y,
                            gdTrueColorAlpha(4 * x, 4 * y, (7 * x * y) % 256, (x + y) % 128));
    int size = 0;
    const auto encoded = [&]() -> void* {
        switch (format) {
            case Format::png: return gdImagePngPtr(image.get(), &size);
            case Format::jpeg: return gdImageJpegPtr(image.get(), &size, kQuality);
            case Format::webp: return gdImageWebpPtrEx(image.get(), &size, kQuality);
            case Format::gif: return gdImageGifPtr(image.get(), &size);
        }
        return nullptr;
    };
    const std::unique_ptr<void, FreedBytes> bytes{encoded()};
    return bytes ? std::string{static_cast<const char*>(bytes.get()), static_cast<std::size_t>(size)}
                 : std::string{};
}

}  // namespace

void warm_up() {
    for (const auto format : {Format::png, Format::jpeg, Format::webp, Format::gif})
        if (!make_avatar(sample(format)))
            throw std::runtime_error("the libraries can't make an avatar of " +
                                     std::string{media_type(format)});
}

std::optional<AvatarPictures> make_avatar(std::string_view file) {
    gdSetErrorMethod([](int, const char*, va_list) {});  // it would write to standard error
    const auto picture = inspect(file);
    if (!picture) return std::nullopt;
    const auto decoded = decode(file.substr(0, picture->length), *picture);
    const ImagePtr whole = decoded ? image_of(*decoded) : nullptr;
    ImagePtr large = whole ? scaled(whole.get(), kLargeSide) : nullptr;
    if (large) large = upright(std::move(large), orientation_of(file));
    const ImagePtr small = large ? scaled(large.get(), kSmallSide) : nullptr;
    if (!small) return std::nullopt;
    auto large_bytes = encode(large.get());
    auto small_bytes = encode(small.get());
    if (!large_bytes || !small_bytes) return std::nullopt;
    return AvatarPictures{std::move(*large_bytes), std::move(*small_bytes)};
}

}  // namespace csauth::images
