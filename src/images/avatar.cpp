#include "images/avatar.h"

#include <gd.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

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

ImagePtr decode(std::string_view file, Format format) {
    const int size = static_cast<int>(file.size());
    void* bytes = const_cast<char*>(file.data());  // libgd only reads
    switch (format) {
        case Format::png: return ImagePtr{gdImageCreateFromPngPtr(size, bytes)};
        case Format::jpeg: return ImagePtr{gdImageCreateFromJpegPtrEx(size, bytes, 0)};
        case Format::webp: return ImagePtr{gdImageCreateFromWebpPtr(size, bytes)};
    }
    return nullptr;
}

ImagePtr canvas(int side) {
    ImagePtr image{gdImageCreateTrueColor(side, side)};
    if (image) {
        gdImageAlphaBlending(image.get(), 0);
        gdImageSaveAlpha(image.get(), 1);
    }
    return image;
}

/// The square in the middle of `from`, as large as it can be, scaled.
ImagePtr square(gdImage* from, int side) {
    ImagePtr to = canvas(side);
    if (!to) return nullptr;
    const int length = std::min(gdImageSX(from), gdImageSY(from));
    gdImageCopyResampled(to.get(), from, 0, 0, (gdImageSX(from) - length) / 2, (gdImageSY(from) - length) / 2,
                         side, side, length, length);
    return to;
}

/// Undoes what Exif says of how the camera was held.
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

/// A small picture that uses all that a format has: colours, and transparency but in JPEG.
std::string sample(Format format) {
    constexpr int side = 64;
    const ImagePtr image = canvas(side);
    if (!image) return {};
    for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x)
            gdImageSetPixel(image.get(), x, y,
                            gdTrueColorAlpha(4 * x, 4 * y, (7 * x * y) % 256, (x + y) % 128));
    int size = 0;
    const std::unique_ptr<void, FreedBytes> bytes{format == Format::png ? gdImagePngPtr(image.get(), &size)
                                                  : format == Format::jpeg
                                                      ? gdImageJpegPtr(image.get(), &size, kQuality)
                                                      : gdImageWebpPtrEx(image.get(), &size, kQuality)};
    return bytes ? std::string{static_cast<const char*>(bytes.get()), static_cast<std::size_t>(size)}
                 : std::string{};
}

}  // namespace

void warm_up() {
    for (const auto format : {Format::png, Format::jpeg, Format::webp})
        if (!make_avatar(sample(format)))
            throw std::runtime_error("libgd can't make an avatar of " + std::string{media_type(format)});
}

std::optional<AvatarPictures> make_avatar(std::string_view file) {
    gdSetErrorMethod([](int, const char*, va_list) {});  // it would write to standard error
    const auto picture = inspect(file);
    if (!picture) return std::nullopt;
    ImagePtr decoded = picture->format == Format::png ? decode(without_extras(file), picture->format)
                                                      : decode(file, picture->format);
    if (!decoded || gdImageSX(decoded.get()) != static_cast<int>(picture->width) ||
        gdImageSY(decoded.get()) != static_cast<int>(picture->height))
        return std::nullopt;
    ImagePtr large = square(decoded.get(), kLargeSide);
    decoded.reset();
    if (large && picture->format == Format::jpeg) large = upright(std::move(large), orientation_of(file));
    const ImagePtr small = large ? square(large.get(), kSmallSide) : nullptr;
    if (!small) return std::nullopt;
    auto large_bytes = encode(large.get());
    auto small_bytes = encode(small.get());
    if (!large_bytes || !small_bytes) return std::nullopt;
    return AvatarPictures{std::move(*large_bytes), std::move(*small_bytes)};
}

}  // namespace csauth::images
