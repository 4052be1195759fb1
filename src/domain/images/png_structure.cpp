#include "images/inspection.h"

#include <algorithm>
#include <array>

#include "images/byte_reader.h"

namespace csauth::images {
namespace {

using namespace std::string_view_literals;

// PNG (Third Edition), section 5: a signature, and chunks from IHDR to IEND.
constexpr std::string_view kPngSignature = "\x89PNG\r\n\x1a\n";

}  // namespace

bool is_png(std::string_view file) { return file.starts_with(kPngSignature); }

Inspected inspect_png(std::string_view file) {
    constexpr std::size_t header_size = 13;
    constexpr std::size_t checksum_size = 4;
    ByteReader bytes{file.substr(kPngSignature.size())};
    Picture picture{Format::png, 0, 0};
    std::size_t parts = 0;
    for (bool is_first = true;; is_first = false) {
        const auto length = bytes.big_endian(4);
        const auto type = bytes.take(4);
        if (!length || !type) return cut_short();
        if (++parts > kMostParts) return too_many_parts();
        const auto data = bytes.take(*length);
        if (!data || !bytes.take(checksum_size)) return cut_short();
        if (is_first) {
            if (*type != "IHDR" || data->size() != header_size) return bad("The picture has no PNG header.");
            ByteReader header{*data};
            picture.width = *header.big_endian(4);
            picture.height = *header.big_endian(4);
        }
        if (*type != "IEND") continue;
        picture.length = file.size() - bytes.left();
        return picture;
    }
}

std::string_view exif_of_png(std::string_view file) {
    constexpr std::size_t checksum_size = 4;
    ByteReader bytes{file.substr(kPngSignature.size())};
    for (;;) {
        const auto length = bytes.big_endian(4);
        const auto type = bytes.take(4);
        const auto data = length ? bytes.take(*length) : std::nullopt;
        if (!type || !data || !bytes.take(checksum_size) || *type == "IEND") return {};
        if (*type == "eXIf") return *data;
    }
}

std::string without_extras(std::string_view png) {
    constexpr std::array kept{"IHDR"sv, "PLTE"sv, "tRNS"sv, "IDAT"sv, "IEND"sv};
    constexpr std::size_t frame_size = 12;  // length, type and checksum
    std::string bare{kPngSignature};
    bare.reserve(png.size());
    ByteReader bytes{png.substr(std::min(kPngSignature.size(), png.size()))};
    for (;;) {
        const auto chunk = bytes.rest();
        const auto length = bytes.big_endian(4);
        const auto type = bytes.take(4);
        if (!length || !type || !bytes.take(std::size_t{*length} + frame_size - 8)) return bare;
        if (std::find(kept.begin(), kept.end(), *type) != kept.end())
            bare.append(chunk.substr(0, std::size_t{*length} + frame_size));
    }
}

}  // namespace csauth::images
