#include "images/inspection.h"

#include <algorithm>
#include <optional>

#include "images/byte_reader.h"

namespace csauth::images {
namespace {

using namespace std::string_view_literals;

// WebP container specification: RIFF, and one simple, lossless or extended picture, or frames.
constexpr std::size_t kRiffHeader = 8;
constexpr std::size_t kFirstWebpChunk = 12;

struct Chunk {
    std::string_view type;
    std::string_view data;
};

/// Returns nullopt if the rest is no whole chunk.
std::optional<Chunk> take_riff_chunk(ByteReader& bytes) {
    const auto type = bytes.take(4);
    const auto length = bytes.little_endian(4);
    const auto data = length ? bytes.take(*length) : std::nullopt;
    if (!data) return std::nullopt;
    if (data->size() % 2 == 1) bytes.take(1);  // padding, which some programs leave out at the end
    return Chunk{*type, *data};
}

/// Returns the size of the picture: from its bitstream, or from the header of an extended file. Returns
/// nullopt if the chunk is too short or damaged.
std::optional<Picture> webp_size(const Chunk& chunk) {
    ByteReader header{chunk.data};
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
    ByteReader header{frame};
    if (frame.size() < kFrameHeader || !header.take(kFramePlace)) return std::nullopt;
    const auto width = header.little_endian(3);
    const auto height = header.little_endian(3);
    if (!width || !height) return std::nullopt;
    return Picture{Format::webp, *width + 1, *height + 1};
}

}  // namespace

bool is_webp(std::string_view file) {
    return file.size() >= kFirstWebpChunk && file.starts_with("RIFF") && file.substr(8, 4) == "WEBP";
}

Inspected inspect_webp(std::string_view file) {
    ByteReader header{file.substr(4)};
    const auto size = *header.little_endian(4);
    if (size > file.size() - kRiffHeader || size < kFirstWebpChunk - kRiffHeader) return cut_short();

    ByteReader bytes{file.substr(kFirstWebpChunk, size + kRiffHeader - kFirstWebpChunk)};
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

std::string_view exif_of_webp(std::string_view file) {
    ByteReader bytes{file.substr(kFirstWebpChunk)};
    while (const auto chunk = take_riff_chunk(bytes))
        if (chunk->type == "EXIF") return chunk->data;
    return {};
}

std::string_view first_frame(std::string_view webp) {
    ByteReader bytes{webp.substr(std::min(kFirstWebpChunk, webp.size()))};
    while (const auto chunk = take_riff_chunk(bytes))
        if (chunk->type == "ANMF") return chunk->data.substr(std::min(kFrameHeader, chunk->data.size()));
    return webp;
}

}  // namespace csauth::images
