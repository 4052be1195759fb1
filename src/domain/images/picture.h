#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace csauth::images {

inline constexpr std::uint32_t kLongestSide = 65'535;        // pixels: the most that JPEG and GIF can state
inline constexpr std::uint64_t kMostPixels = 8192UL * 6144;  // "50 megapixels" of a phone's camera
inline constexpr std::size_t kLargestPicture = 12UL * 1024 * 1024;  // bytes of the file

/// The longest body with a picture: the form around it has one part's head and three boundaries.
inline constexpr std::size_t kLongestUpload = kLargestPicture + 8UL * 1024;

enum class Format { png, jpeg, webp, gif };

/// A decoder passes over the whole picture once per scan of a JPEG file. libjpeg writes 10, mozjpeg and
/// jpegrescan write a few dozen at most.
inline constexpr std::size_t kMostScans = 64;

/// Scans times pixels of a JPEG file: 64 scans at 16 megapixels, 20 at 50.
inline constexpr std::uint64_t kMostScannedPixels = kMostScans * 16'000'000;

/// A JPEG file of several scans is decoded as a whole: libjpeg keeps two bytes for each sample. At 50
/// megapixels two chroma samples for every four pixels (4:2:0) need 144 MiB, for every two (4:2:2) 192 MiB.
inline constexpr std::uint64_t kMostCoefficientBytes = 192UL * 1024 * 1024;

/// Chunks of a PNG or WebP file, segments of a JPEG file, blocks of a GIF file. A PNG file of 12 MiB has this
/// many if each of its IDAT chunks holds 3 KiB; encoders write 8 KiB or more.
inline constexpr std::size_t kMostParts = 4096;

/// "image/png" and so on.
std::string_view media_type(Format format);

/// What inspect() finds. For an animated picture it is the first frame.
struct Picture {
    Format format;
    std::uint32_t width;
    std::uint32_t height;
    std::size_t length = 0;  ///< bytes of the file up to the end of the picture
};

/// Why bytes are not a picture that this service takes.
struct PictureFault {
    enum class Kind { unknown_format, bad_picture };
    Kind kind;
    std::string detail;  ///< one sentence for a person
};

/// Returns what a file says of itself: PNG (its chunks), JPEG (its segments), WebP (its RIFF chunks) or GIF
/// (its blocks). It decodes nothing, so any process may call it with the bytes of a stranger. Bytes after the
/// end of the picture are not looked at: phones write a film, a second picture or a trailer there.
///
/// `unknown_format`: the file has none of these formats.
/// `bad_picture`: the picture is not whole, its structure is damaged, or it exceeds a limit above.
/// kLargestPicture is not checked here.
Result<Picture, PictureFault> inspect(std::string_view file);

/// Returns a PNG file that inspect() takes, without the chunks that a decoder of pixels does not need: only
/// IHDR, PLTE, tRNS, IDAT and IEND are kept. Compressed texts and colour profiles (zTXt, iTXt, iCCP), each of
/// which may inflate to megabytes, never reach the decoder.
std::string without_extras(std::string_view png);

/// Returns the part of a WebP file that holds its first frame, or all of it if the picture is not animated.
/// `webp`: a file that inspect() takes.
std::string_view first_frame(std::string_view webp);

/// Returns how a camera was held: 1 to 8 of the Exif standard (4.6.5.1). Returns 1, upright, if the file does
/// not say; a GIF file never does.
unsigned orientation_of(std::string_view file);

}  // namespace csauth::images
