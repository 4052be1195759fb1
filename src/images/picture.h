#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace csauth::images {

inline constexpr std::uint32_t kLongestSide = 4096;                // pixels
inline constexpr std::uint64_t kMostPixels = 16'000'000;           // 16 megapixels
inline constexpr std::size_t kLargestPicture = 2UL * 1024 * 1024;  // bytes, as it is uploaded

enum class Format { png, jpeg, webp };

/// A decoder passes over the whole picture once per scan of a JPEG file. libjpeg writes 10, mozjpeg and
/// jpegrescan write a few dozen at most.
inline constexpr std::size_t kMostScans = 64;

/// Chunks of a PNG or WebP file, segments of a JPEG file. A PNG file of 2 MiB has this many if each of its
/// IDAT chunks holds 512 bytes; encoders write 8 KiB or more.
inline constexpr std::size_t kMostParts = 4096;

/// "image/png" and so on.
std::string_view media_type(Format format);

struct Picture {
    Format format;
    std::uint32_t width;
    std::uint32_t height;
};

/// Why bytes are not a picture that we take.
struct PictureFault {
    enum class Kind { unknown_format, bad_picture };
    Kind kind;
    std::string detail;  ///< one sentence for a person
};

/// What a file says of itself, read without decoding anything: PNG (its chunks), JPEG (its segments) and
/// still WebP (its RIFF chunks). It must be whole, end where the picture ends, and keep the limits above.
Result<Picture, PictureFault> inspect(std::string_view file);

/// Returns a PNG file that inspect() takes, without the chunks that a decoder of pixels does not need: only
/// IHDR, PLTE, tRNS, IDAT and IEND are kept. Compressed texts and colour profiles (zTXt, iTXt, iCCP), each of
/// which may inflate to megabytes, never reach the decoder.
std::string without_extras(std::string_view png);

/// How a camera was held: 1 to 8 of the Exif standard (4.6.5.1); 1, upright, where a JPEG file does not say.
unsigned orientation_of(std::string_view jpeg);

}  // namespace csauth::images
