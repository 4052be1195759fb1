#include "images/inspection.h"

#include <optional>

#include "images/byte_reader.h"

namespace csauth::images {
namespace {

// GIF89a, sections 17 to 27: a screen, blocks of data after introducers, and a trailer.
constexpr std::size_t kGifSignature = 6;

bool skip_colours(ByteReader& bytes, std::uint32_t flags) {
    constexpr std::uint32_t has_table = 0x80;
    return (flags & has_table) == 0 || bytes.take(std::size_t{3} << ((flags & 7U) + 1));
}

bool skip_sub_blocks(ByteReader& bytes) {
    for (;;) {
        const auto length = bytes.big_endian(1);
        if (!length || !bytes.take(*length)) return false;
        if (*length == 0) return true;
    }
}

}  // namespace

bool is_gif(std::string_view file) { return file.starts_with("GIF87a") || file.starts_with("GIF89a"); }

Inspected inspect_gif(std::string_view file) {
    constexpr std::uint32_t extension = 0x21;
    constexpr std::uint32_t image = 0x2c;
    constexpr std::uint32_t trailer = 0x3b;
    ByteReader bytes{file.substr(kGifSignature)};
    bytes.take(4);  // the screen's size: frames have their own
    const auto flags = bytes.big_endian(1);
    bytes.take(2);
    if (!flags || !skip_colours(bytes, *flags)) return cut_short();
    std::optional<Picture> picture;
    for (std::size_t parts = 0;;) {
        const auto introducer = bytes.big_endian(1);
        if (!introducer) return cut_short();
        if (*introducer == trailer) {
            if (!picture) return cut_short();
            picture->length = file.size() - bytes.left();
            return *picture;
        }
        if (++parts > kMostParts) return too_many_parts();
        if (*introducer == image) {
            bytes.take(4);  // its place on the screen
            const auto width = bytes.little_endian(2);
            const auto height = bytes.little_endian(2);
            const auto frame_flags = bytes.big_endian(1);
            if (!frame_flags || !skip_colours(bytes, *frame_flags)) return cut_short();
            if (!picture) picture = Picture{Format::gif, *width, *height};
        } else if (*introducer != extension) {
            return bad("The picture has a damaged GIF structure.");
        }
        // After an extension's label, or an image's size of codes.
        if (!bytes.take(1) || !skip_sub_blocks(bytes)) return cut_short();
    }
}

}  // namespace csauth::images
