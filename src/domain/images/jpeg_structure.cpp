#include "images/inspection.h"

#include <optional>

#include "images/byte_reader.h"

namespace csauth::images {
namespace {

// ITU-T T.81, annex B: segments after markers; compressed data after a start of scan.
constexpr unsigned kStartOfScan = 0xda;
constexpr unsigned kEndOfImage = 0xd9;

bool is_frame_header(unsigned marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

bool is_progressive(unsigned frame_header) {
    return frame_header == 0xc2 || frame_header == 0xc6 || frame_header == 0xca || frame_header == 0xce;
}

/// What is needed of a frame header (B.2.2).
struct Frame {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    std::uint32_t components = 0;
    std::uint64_t coefficient_bytes = 0;  ///< what libjpeg needs if it decodes the picture as a whole
};

/// Returns nullopt if the segment is too short.
std::optional<Frame> parse_frame(std::string_view segment) {
    struct Sampling {
        std::uint64_t across, down;
    };
    constexpr std::uint64_t block_side = 8;
    constexpr std::uint64_t block_bytes = 128;
    ByteReader bytes{segment};
    Frame frame;
    const auto precision = bytes.big_endian(1);
    const auto height = bytes.big_endian(2);
    const auto width = bytes.big_endian(2);
    const auto components = bytes.big_endian(1);
    if (!precision || !height || !width || !components) return std::nullopt;
    frame.width = *width;
    frame.height = *height;
    frame.components = *components;
    std::vector<Sampling> samplings;
    Sampling most{1, 1};
    for (std::uint32_t i = 0; i < frame.components; ++i) {
        const auto id = bytes.big_endian(1);
        const auto factors = bytes.big_endian(1);
        const auto table = bytes.big_endian(1);
        if (!id || !factors || !table) return std::nullopt;
        samplings.push_back({*factors >> 4U, *factors & 0xfU});
        most = {std::max(most.across, samplings.back().across), std::max(most.down, samplings.back().down)};
    }
    const auto units = [](std::uint64_t pixels, std::uint64_t side) { return (pixels + side - 1) / side; };
    for (const auto& [across, down] : samplings)
        frame.coefficient_bytes += units(frame.width, most.across * block_side) * across *
                                   units(frame.height, most.down * block_side) * down * block_bytes;
    return frame;
}

/// Skips compressed data, up to the next marker that is not part of it. Returns false if there is none.
bool skip_scan(ByteReader& bytes) {
    const auto data = bytes.rest();
    for (auto at = data.find('\xff'); at != std::string_view::npos; at = data.find('\xff', at + 1)) {
        if (at + 1 >= data.size()) return false;
        const auto next = static_cast<unsigned char>(data[at + 1]);
        const bool is_data = next == 0 || next == 0xff || (next >= 0xd0 && next <= 0xd7);
        if (!is_data) return bytes.take(at).has_value();
    }
    return false;
}

}  // namespace

bool is_jpeg(std::string_view file) { return file.starts_with("\xff\xd8\xff"); }

Inspected inspect_jpeg(std::string_view file) {
    ByteReader bytes{file.substr(2)};
    std::optional<Frame> frame;
    std::size_t scans = 0;
    std::size_t parts = 0;
    bool is_decoded_as_a_whole = false;
    for (;;) {
        auto byte = bytes.big_endian(1);
        if (byte && *byte != 0xff) return bad("The picture has a damaged JPEG structure.");
        while (byte && *byte == 0xff)  // fill bytes
            byte = bytes.big_endian(1);
        if (!byte) return cut_short();
        const unsigned marker = *byte;
        if (marker == kEndOfImage) {
            if (!frame || scans == 0) return cut_short();
            if (is_decoded_as_a_whole && frame->coefficient_bytes > kMostCoefficientBytes)
                return bad(
                    "Decoding this progressive JPEG takes too much memory. Save it as a baseline JPEG.");
            return Picture{Format::jpeg, frame->width, frame->height, file.size() - bytes.left()};
        }
        if (marker == 0x01 || (marker >= 0xd0 && marker <= 0xd8))
            return bad("The picture has a damaged JPEG structure.");
        if (++parts > kMostParts) return too_many_parts();
        const auto length = bytes.big_endian(2);
        if (!length || *length < 2) return cut_short();
        const auto segment = bytes.take(*length - 2);
        if (!segment) return cut_short();
        if (is_frame_header(marker)) {
            if (frame) return bad("The picture holds several pictures.");
            frame = parse_frame(*segment);
            if (!frame) return cut_short();
            is_decoded_as_a_whole = is_progressive(marker);
        }
        if (marker == kStartOfScan) {
            if (!frame) return bad("The picture has a damaged JPEG structure.");
            if (++scans > kMostScans)
                return bad("The picture may have at most " + std::to_string(kMostScans) + " scans.");
            if (std::uint64_t{frame->width} * frame->height * scans > kMostScannedPixels)
                return bad("A JPEG picture of this size may have fewer scans. Save it as a baseline JPEG.");
            if (ByteReader{*segment}.big_endian(1) != frame->components) is_decoded_as_a_whole = true;
            if (!skip_scan(bytes)) return cut_short();
        }
    }
}

std::string_view exif_of_jpeg(std::string_view file) {
    constexpr unsigned app1 = 0xe1;
    ByteReader bytes{file.substr(2)};
    for (;;) {
        const auto marker = bytes.big_endian(2);
        const auto length = bytes.big_endian(2);
        if (!marker || !length || *length < 2 || (*marker & 0xffU) == kStartOfScan) return {};
        const auto segment = bytes.take(*length - 2);
        if (!segment) return {};
        if ((*marker & 0xffU) == app1 && segment->starts_with(kExifPrefix)) return *segment;
    }
}

}  // namespace csauth::images
