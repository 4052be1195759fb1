#include "images/inspection.h"

#include "images/byte_reader.h"

namespace csauth::images {

unsigned orientation_in(std::string_view exif) {
    constexpr unsigned upright = 1;
    constexpr std::uint32_t orientation_tag = 0x0112;
    constexpr std::size_t entry_size = 12;
    const auto tiff = exif.starts_with(kExifPrefix) ? exif.substr(kExifPrefix.size()) : exif;
    const bool is_little = tiff.starts_with("II");
    const auto number = [&](ByteReader& from, std::size_t count) {
        return is_little ? from.little_endian(count) : from.big_endian(count);
    };
    ByteReader header{tiff};
    header.take(4);
    const auto directory = number(header, 4);
    if (!directory || *directory > tiff.size()) return upright;
    ByteReader entries{tiff.substr(*directory)};
    const auto count = number(entries, 2);
    for (std::uint32_t i = 0; count && i < *count; ++i) {
        const auto entry = entries.take(entry_size);
        if (!entry) return upright;
        ByteReader fields{*entry};
        const auto tag = number(fields, 2);
        fields.take(6);  // type and count
        const auto value = number(fields, 2);
        if (tag == orientation_tag) return value && *value >= 1 && *value <= 8 ? *value : upright;
    }
    return upright;
}

}  // namespace csauth::images
