#include "images/picture.h"

#include <stdexcept>
#include <string>

#include "images/inspection.h"

namespace csauth::images {
namespace {

Inspected within_limits(const Picture& picture) {
    if (picture.width == 0 || picture.height == 0) return bad("The picture is empty.");
    if (picture.width > kLongestSide || picture.height > kLongestSide)
        return bad("A side may have at most " + std::to_string(kLongestSide) + " pixels.");
    if (std::uint64_t{picture.width} * picture.height > kMostPixels)
        return bad("The picture may have at most " + std::to_string(kMostPixels / 1'000'000) +
                   " megapixels.");
    return picture;
}

}  // namespace

PictureFault bad(std::string detail) { return {PictureFault::Kind::bad_picture, std::move(detail)}; }
PictureFault cut_short() { return bad("The picture is not whole."); }
PictureFault too_many_parts() {
    return bad("The picture may consist of at most " + std::to_string(kMostParts) +
               " chunks, segments or blocks.");
}

std::string_view media_type(Format format) {
    switch (format) {
        case Format::png: return "image/png";
        case Format::jpeg: return "image/jpeg";
        case Format::webp: return "image/webp";
        case Format::gif: return "image/gif";
    }
    throw std::logic_error("a Format without a media type");
}

Result<Picture, PictureFault> inspect(std::string_view file) {
    const auto inspected = [&]() -> Inspected {
        if (is_png(file)) return inspect_png(file);
        if (is_jpeg(file)) return inspect_jpeg(file);
        if (is_webp(file)) return inspect_webp(file);
        if (is_gif(file)) return inspect_gif(file);
        return PictureFault{PictureFault::Kind::unknown_format, "This is no JPEG, PNG, WebP or GIF picture."};
    }();
    return inspected ? within_limits(*inspected) : inspected;
}

unsigned orientation_of(std::string_view file) {
    const auto exif = is_png(file)    ? exif_of_png(file)
                      : is_jpeg(file) ? exif_of_jpeg(file)
                      : is_webp(file) ? exif_of_webp(file)
                                      : std::string_view{};
    return orientation_in(exif);
}

}  // namespace csauth::images
