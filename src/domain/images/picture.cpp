#include "images/picture.h"

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>
#include <vector>

namespace csauth::images {
namespace {

using Outcome = Result<Picture, PictureFault>;
using namespace std::string_view_literals;

PictureFault bad(std::string detail) { return {PictureFault::Kind::bad_picture, std::move(detail)}; }
PictureFault cut_short() { return bad("The picture is not whole."); }
PictureFault too_many_parts() {
    return bad("The picture may consist of at most " + std::to_string(kMostParts) +
               " chunks, segments or blocks.");
}

/// Reads numbers and pieces. After a read past the end, this one and all later reads return nullopt.
class Bytes {
public:
    explicit Bytes(std::string_view bytes) : rest_{bytes} {}

    std::size_t left() const { return rest_.size(); }
    std::string_view rest() const { return rest_; }

    std::optional<std::string_view> take(std::size_t count) {
        if (rest_.size() < count) {
            rest_ = {};
            return std::nullopt;
        }
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
        picture.length = file.size() - bytes.left();
        return picture;
    }
}

// ITU-T T.81, annex B: segments behind markers; compressed data behind a start of scan.
constexpr unsigned kStartOfScan = 0xda;
constexpr unsigned kEndOfImage = 0xd9;

bool is_frame_header(unsigned marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

bool is_progressive(unsigned frame_header) {
    return frame_header == 0xc2 || frame_header == 0xc6 || frame_header == 0xca || frame_header == 0xce;
}

/// A frame header as far as it counts here (B.2.2).
struct Frame {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    std::uint32_t components = 0;
    std::uint64_t coefficient_bytes = 0;  ///< that libjpeg needs where it decodes the picture as a whole
};

std::optional<Frame> parse_frame(std::string_view segment) {
    struct Sampling {
        std::uint64_t across, down;
    };
    constexpr std::uint64_t block_side = 8;
    constexpr std::uint64_t block_bytes = 128;
    Bytes bytes{segment};
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
            if (Bytes{*segment}.big_endian(1) != frame->components) is_decoded_as_a_whole = true;
            if (!skip_scan(bytes)) return cut_short();
        }
    }
}

// WebP container specification: RIFF, and one simple, lossless or extended picture, or frames.
constexpr std::size_t kRiffHeader = 8;
constexpr std::size_t kFirstWebpChunk = 12;

struct Chunk {
    std::string_view type;
    std::string_view data;
};

/// nullopt: the rest is no whole chunk.
std::optional<Chunk> take_riff_chunk(Bytes& bytes) {
    const auto type = bytes.take(4);
    const auto length = bytes.little_endian(4);
    const auto data = length ? bytes.take(*length) : std::nullopt;
    if (!data) return std::nullopt;
    if (data->size() % 2 == 1) bytes.take(1);  // which some leave out at the end
    return Chunk{*type, *data};
}

/// The picture's size by its bitstream or, where the file is an extended one, by its header.
std::optional<Picture> webp_size(const Chunk& chunk) {
    Bytes header{chunk.data};
    Picture picture{Format::webp, 0, 0};
    if (chunk.type == "VP8X") {
        const auto flags = header.little_endian(4);
        const auto width = header.little_endian(3);
        const auto height = header.little_endian(3);
        if (!flags || !height) return std::nullopt;
        picture.width = *width + 1;
        picture.height = *height + 1;
    } else if (chunk.type == "VP8L") {
        const auto signature = header.little_endian(1);
        const auto sizes = header.little_endian(4);
        if (!sizes || *signature != 0x2f) return std::nullopt;
        picture.width = (*sizes & 0x3fffU) + 1;
        picture.height = ((*sizes >> 14U) & 0x3fffU) + 1;
    } else {
        constexpr std::size_t frame_tag = 3;
        if (!header.take(frame_tag) || header.take(3) != "\x9d\x01\x2a"sv) return std::nullopt;
        const auto width = header.little_endian(2);
        const auto height = header.little_endian(2);
        if (!width || !height) return std::nullopt;
        picture.width = *width & 0x3fffU;
        picture.height = *height & 0x3fffU;
    }
    return picture;
}

// A chunk ANMF holds a frame's place, size, time and flags, and after them its chunks.
constexpr std::size_t kFramePlace = 6;
constexpr std::size_t kFrameHeader = 16;

std::optional<Picture> frame_size(std::string_view frame) {
    Bytes header{frame};
    if (frame.size() < kFrameHeader || !header.take(kFramePlace)) return std::nullopt;
    const auto width = header.little_endian(3);
    const auto height = header.little_endian(3);
    if (!width || !height) return std::nullopt;
    return Picture{Format::webp, *width + 1, *height + 1};
}

Outcome inspect_webp(std::string_view file) {
    Bytes header{file.substr(4)};
    const auto size = *header.little_endian(4);
    if (size > file.size() - kRiffHeader || size < kFirstWebpChunk - kRiffHeader) return cut_short();

    Bytes bytes{file.substr(kFirstWebpChunk, size + kRiffHeader - kFirstWebpChunk)};
    std::optional<Picture> picture;
    std::optional<Picture> frame;
    std::size_t parts = 0;
    while (bytes.left() > 0) {
        if (++parts > kMostParts) return too_many_parts();
        const auto chunk = take_riff_chunk(bytes);
        if (!chunk) return cut_short();
        if (!picture) {
            if (chunk->type != "VP8X" && chunk->type != "VP8L" && chunk->type != "VP8 ")
                return bad("The picture has a damaged WebP structure.");
            picture = webp_size(*chunk);
            if (!picture) return cut_short();
        }
        if (chunk->type == "ANMF" && !frame) {
            frame = frame_size(chunk->data);
            if (!frame) return cut_short();
        }
    }
    if (!picture) return cut_short();
    if (frame) picture = frame;
    picture->length = size + kRiffHeader;
    return *picture;
}

// GIF89a, sections 17 to 27: a screen, blocks of data behind introducers, and a trailer.
constexpr std::size_t kGifSignature = 6;

bool skip_colours(Bytes& bytes, std::uint32_t flags) {
    constexpr std::uint32_t has_table = 0x80;
    return (flags & has_table) == 0 || bytes.take(std::size_t{3} << ((flags & 7U) + 1));
}

bool skip_sub_blocks(Bytes& bytes) {
    for (;;) {
        const auto length = bytes.big_endian(1);
        if (!length || !bytes.take(*length)) return false;
        if (*length == 0) return true;
    }
}

Outcome inspect_gif(std::string_view file) {
    constexpr std::uint32_t extension = 0x21;
    constexpr std::uint32_t image = 0x2c;
    constexpr std::uint32_t trailer = 0x3b;
    Bytes bytes{file.substr(kGifSignature)};
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

constexpr auto kExifPrefix = "Exif\0\0"sv;  // before the TIFF structure in JPEG, and in some WebP files

// Each returns the Exif data of a file of its format; empty if there is none.

std::string_view exif_of_jpeg(std::string_view file) {
    constexpr unsigned app1 = 0xe1;
    Bytes bytes{file.substr(2)};
    for (;;) {
        const auto marker = bytes.big_endian(2);
        const auto length = bytes.big_endian(2);
        if (!marker || !length || *length < 2 || (*marker & 0xffU) == kStartOfScan) return {};
        const auto segment = bytes.take(*length - 2);
        if (!segment) return {};
        if ((*marker & 0xffU) == app1 && segment->starts_with(kExifPrefix)) return *segment;
    }
}

std::string_view exif_of_png(std::string_view file) {
    constexpr std::size_t checksum_size = 4;
    Bytes bytes{file.substr(kPngSignature.size())};
    for (;;) {
        const auto length = bytes.big_endian(4);
        const auto type = bytes.take(4);
        const auto data = length ? bytes.take(*length) : std::nullopt;
        if (!type || !data || !bytes.take(checksum_size) || *type == "IEND") return {};
        if (*type == "eXIf") return *data;
    }
}

std::string_view exif_of_webp(std::string_view file) {
    Bytes bytes{file.substr(kFirstWebpChunk)};
    while (const auto chunk = take_riff_chunk(bytes))
        if (chunk->type == "EXIF") return chunk->data;
    return {};
}

/// The orientation that Exif data names: the first directory of a TIFF structure, in either order of bytes.
unsigned orientation_in(std::string_view exif) {
    constexpr unsigned upright = 1;
    constexpr std::uint32_t orientation_tag = 0x0112;
    constexpr std::size_t entry_size = 12;
    const auto tiff = exif.starts_with(kExifPrefix) ? exif.substr(kExifPrefix.size()) : exif;
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

bool is_png(std::string_view file) { return file.starts_with(kPngSignature); }
bool is_jpeg(std::string_view file) { return file.starts_with("\xff\xd8\xff"); }
bool is_webp(std::string_view file) {
    return file.size() >= kFirstWebpChunk && file.starts_with("RIFF") && file.substr(8, 4) == "WEBP";
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
        case Format::gif: return "image/gif";
    }
    throw std::logic_error("a Format without a media type");
}

Result<Picture, PictureFault> inspect(std::string_view file) {
    const auto inspected = [&]() -> Outcome {
        if (is_png(file)) return inspect_png(file);
        if (is_jpeg(file)) return inspect_jpeg(file);
        if (is_webp(file)) return inspect_webp(file);
        if (file.starts_with("GIF87a") || file.starts_with("GIF89a")) return inspect_gif(file);
        return PictureFault{PictureFault::Kind::unknown_format, "This is no JPEG, PNG, WebP or GIF picture."};
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

std::string_view first_frame(std::string_view webp) {
    Bytes bytes{webp.substr(std::min(kFirstWebpChunk, webp.size()))};
    while (const auto chunk = take_riff_chunk(bytes))
        if (chunk->type == "ANMF") return chunk->data.substr(std::min(kFrameHeader, chunk->data.size()));
    return webp;
}

unsigned orientation_of(std::string_view file) {
    const auto exif = is_png(file)    ? exif_of_png(file)
                      : is_jpeg(file) ? exif_of_jpeg(file)
                      : is_webp(file) ? exif_of_webp(file)
                                      : std::string_view{};
    return orientation_in(exif);
}

}  // namespace csauth::images
