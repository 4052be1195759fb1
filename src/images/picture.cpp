#include "images/picture.h"

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>

namespace csauth::images {
namespace {

using Outcome = Result<Picture, PictureFault>;
using namespace std::string_view_literals;

PictureFault bad(std::string detail) { return {PictureFault::Kind::bad_picture, std::move(detail)}; }
PictureFault cut_short() { return bad("The picture is not whole."); }
PictureFault goes_on() { return bad("Something stands behind the end of the picture."); }
PictureFault too_many_parts() {
    return bad("The picture may consist of at most " + std::to_string(kMostParts) + " chunks or segments.");
}

/// Reads numbers and pieces; whoever reads past the end gets nothing.
class Bytes {
public:
    explicit Bytes(std::string_view bytes) : rest_{bytes} {}

    std::size_t left() const { return rest_.size(); }
    std::string_view rest() const { return rest_; }

    std::optional<std::string_view> take(std::size_t count) {
        if (rest_.size() < count) return std::nullopt;
        const auto piece = rest_.substr(0, count);
        rest_.remove_prefix(count);
        return piece;
    }
    std::optional<std::uint32_t> big_endian(std::size_t count) {
        const auto piece = take(count);
        if (!piece) return std::nullopt;
        std::uint32_t value = 0;
        for (const char c : *piece)
            value = value << 8U | static_cast<unsigned char>(c);
        return value;
    }
    std::optional<std::uint32_t> little_endian(std::size_t count) {
        const auto piece = take(count);
        if (!piece) return std::nullopt;
        std::uint32_t value = 0;
        for (std::size_t i = count; i-- > 0;)
            value = value << 8U | static_cast<unsigned char>((*piece)[i]);
        return value;
    }

private:
    std::string_view rest_;
};

// PNG (Third Edition), section 5: a signature, and chunks from IHDR to IEND.
constexpr std::string_view kPngSignature = "\x89PNG\r\n\x1a\n";

Outcome inspect_png(std::string_view file) {
    constexpr std::size_t header_size = 13;
    constexpr std::size_t checksum_size = 4;
    Bytes bytes{file.substr(kPngSignature.size())};
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
            Bytes header{*data};
            picture.width = *header.big_endian(4);
            picture.height = *header.big_endian(4);
        }
        if (*type != "IEND") continue;
        return bytes.left() == 0 ? Outcome{picture} : goes_on();
    }
}

// ITU-T T.81, annex B: segments behind markers; compressed data behind a start of scan.
constexpr unsigned kStartOfScan = 0xda;
constexpr unsigned kEndOfImage = 0xd9;

bool is_frame_header(unsigned marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

/// Skips compressed data, up to the next marker that is none of its own.
bool skip_scan(Bytes& bytes) {
    const auto data = bytes.rest();
    for (auto at = data.find('\xff'); at != std::string_view::npos; at = data.find('\xff', at + 1)) {
        if (at + 1 >= data.size()) return false;
        const auto next = static_cast<unsigned char>(data[at + 1]);
        const bool is_data = next == 0 || next == 0xff || (next >= 0xd0 && next <= 0xd7);
        if (!is_data) return bytes.take(at).has_value();
    }
    return false;
}

Outcome inspect_jpeg(std::string_view file) {
    Bytes bytes{file.substr(2)};
    Picture picture{Format::jpeg, 0, 0};
    std::size_t scans = 0;
    std::size_t parts = 0;
    for (;;) {
        auto byte = bytes.big_endian(1);
        if (byte && *byte != 0xff) return bad("The picture has a damaged JPEG structure.");
        while (byte && *byte == 0xff)  // fill bytes
            byte = bytes.big_endian(1);
        if (!byte) return cut_short();
        const unsigned marker = *byte;
        if (marker == kEndOfImage) {
            if (picture.width == 0 || scans == 0) return cut_short();
            return bytes.left() == 0 ? Outcome{picture} : goes_on();
        }
        if (marker == 0x01 || (marker >= 0xd0 && marker <= 0xd8))
            return bad("The picture has a damaged JPEG structure.");
        if (++parts > kMostParts) return too_many_parts();
        const auto length = bytes.big_endian(2);
        if (!length || *length < 2) return cut_short();
        const auto segment = bytes.take(*length - 2);
        if (!segment) return cut_short();
        if (is_frame_header(marker)) {
            if (picture.width != 0) return bad("The picture holds several pictures.");
            Bytes frame{*segment};
            const auto precision = frame.big_endian(1);
            const auto height = frame.big_endian(2);
            const auto width = frame.big_endian(2);
            if (!precision || !height || !width) return cut_short();
            picture.width = *width;
            picture.height = *height;
        }
        if (marker == kStartOfScan) {
            if (++scans > kMostScans)
                return bad("The picture may have at most " + std::to_string(kMostScans) + " scans.");
            if (!skip_scan(bytes)) return cut_short();
        }
    }
}

// WebP container specification: RIFF, and one simple, lossless or extended picture.
Outcome inspect_webp(std::string_view file) {
    constexpr std::size_t riff_header = 8;
    constexpr std::uint32_t animation_flag = 0x02;
    Bytes bytes{file.substr(4)};
    const auto size = *bytes.little_endian(4);
    if (size > file.size() - riff_header) return cut_short();
    if (size < file.size() - riff_header) return goes_on();
    if (!bytes.take(4)) return cut_short();  // "WEBP"

    Picture picture{Format::webp, 0, 0};
    std::size_t parts = 0;
    for (bool is_first = true; bytes.left() > 0; is_first = false) {
        if (++parts > kMostParts) return too_many_parts();
        const auto type = bytes.take(4);
        const auto length = bytes.little_endian(4);
        if (!type || !length) return cut_short();
        const auto data = bytes.take(*length);
        if (!data || (*length % 2 == 1 && !bytes.take(1))) return cut_short();
        if (*type == "ANIM" || *type == "ANMF") return bad("The picture moves.");
        if (!is_first) continue;
        Bytes header{*data};
        if (*type == "VP8X") {
            const auto flags = header.little_endian(4);
            const auto width = header.little_endian(3);
            const auto height = header.little_endian(3);
            if (!height) return cut_short();
            if ((*flags & animation_flag) != 0) return bad("The picture moves.");
            picture.width = *width + 1;
            picture.height = *height + 1;
        } else if (*type == "VP8L") {
            const auto signature = header.little_endian(1);
            const auto sizes = header.little_endian(4);
            if (!sizes || *signature != 0x2f) return cut_short();
            picture.width = (*sizes & 0x3fffU) + 1;
            picture.height = ((*sizes >> 14U) & 0x3fffU) + 1;
        } else if (*type == "VP8 ") {
            constexpr std::size_t frame_tag = 3;
            if (!header.take(frame_tag) || header.take(3) != "\x9d\x01\x2a"sv) return cut_short();
            const auto width = header.little_endian(2);
            const auto height = header.little_endian(2);
            if (!width || !height) return cut_short();
            picture.width = *width & 0x3fffU;
            picture.height = *height & 0x3fffU;
        } else {
            return bad("The picture has a damaged WebP structure.");
        }
    }
    return picture;
}

Outcome within_limits(const Picture& picture) {
    if (picture.width == 0 || picture.height == 0) return bad("The picture is empty.");
    if (picture.width > kLongestSide || picture.height > kLongestSide)
        return bad("A side may have at most " + std::to_string(kLongestSide) + " pixels.");
    if (std::uint64_t{picture.width} * picture.height > kMostPixels)
        return bad("The picture may have at most " + std::to_string(kMostPixels / 1'000'000) +
                   " megapixels.");
    return picture;
}

}  // namespace

std::string_view media_type(Format format) {
    switch (format) {
        case Format::png: return "image/png";
        case Format::jpeg: return "image/jpeg";
        case Format::webp: return "image/webp";
    }
    throw std::logic_error("a Format without a media type");
}

Result<Picture, PictureFault> inspect(std::string_view file) {
    const auto inspected = [&]() -> Outcome {
        if (file.starts_with(kPngSignature)) return inspect_png(file);
        if (file.starts_with("\xff\xd8\xff")) return inspect_jpeg(file);
        if (file.size() >= 12 && file.starts_with("RIFF") && file.substr(8, 4) == "WEBP")
            return inspect_webp(file);
        return PictureFault{PictureFault::Kind::unknown_format, "This is no PNG, JPEG or WebP picture."};
    }();
    return inspected ? within_limits(*inspected) : inspected;
}

std::string without_extras(std::string_view png) {
    constexpr std::array kept{"IHDR"sv, "PLTE"sv, "tRNS"sv, "IDAT"sv, "IEND"sv};
    constexpr std::size_t frame_size = 12;  // length, type and checksum
    std::string bare{kPngSignature};
    bare.reserve(png.size());
    Bytes bytes{png.substr(std::min(kPngSignature.size(), png.size()))};
    for (;;) {
        const auto chunk = bytes.rest();
        const auto length = bytes.big_endian(4);
        const auto type = bytes.take(4);
        if (!length || !type || !bytes.take(std::size_t{*length} + frame_size - 8)) return bare;
        if (std::find(kept.begin(), kept.end(), *type) != kept.end())
            bare.append(chunk.substr(0, std::size_t{*length} + frame_size));
    }
}

unsigned orientation_of(std::string_view jpeg) {
    constexpr unsigned upright = 1;
    constexpr unsigned app1 = 0xe1;
    constexpr std::uint32_t orientation_tag = 0x0112;
    constexpr std::size_t entry_size = 12;
    constexpr auto exif_prefix = "Exif\0\0"sv;
    Bytes bytes{jpeg.substr(std::min<std::size_t>(2, jpeg.size()))};
    for (;;) {
        const auto marker = bytes.big_endian(2);
        const auto length = bytes.big_endian(2);
        if (!marker || !length || *length < 2 || (*marker & 0xffU) == kStartOfScan) return upright;
        const auto segment = bytes.take(*length - 2);
        if (!segment) return upright;
        if ((*marker & 0xffU) != app1 || !segment->starts_with(exif_prefix)) continue;

        const auto tiff = segment->substr(exif_prefix.size());
        const bool is_little = tiff.starts_with("II");
        const auto number = [&](Bytes& from, std::size_t count) {
            return is_little ? from.little_endian(count) : from.big_endian(count);
        };
        Bytes header{tiff};
        header.take(4);
        const auto directory = number(header, 4);
        if (!directory || *directory > tiff.size()) return upright;
        Bytes entries{tiff.substr(*directory)};
        const auto count = number(entries, 2);
        for (std::uint32_t i = 0; count && i < *count; ++i) {
            const auto entry = entries.take(entry_size);
            if (!entry) return upright;
            Bytes fields{*entry};
            const auto tag = number(fields, 2);
            fields.take(6);  // type and count
            const auto value = number(fields, 2);
            if (tag == orientation_tag) return value && *value >= 1 && *value <= 8 ? *value : upright;
        }
        return upright;
    }
}

}  // namespace csauth::images
