#pragma once

#include <gd.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <csignal>

#include "fakes/random.h"
#include "fakes/world.h"
#include "images/avatar.h"
#include "images/middle_square.h"
#include "images/picture.h"

namespace csauth::tests {

using namespace std::string_literals;
using images::Format;
using images::PictureFault;

/// A picture of one colour on the left, another on the right, as libgd writes it.
inline std::string picture(Format format, int width, int height, int left = 0xff0000, int right = 0x0000ff) {
    gdImage* image = gdImageCreateTrueColor(width, height);
    gdImageFilledRectangle(image, 0, 0, width / 2 - 1, height - 1, left);
    gdImageFilledRectangle(image, width / 2, 0, width - 1, height - 1, right);
    int size = 0;
    void* bytes = format == Format::png    ? gdImagePngPtr(image, &size)
                  : format == Format::jpeg ? gdImageJpegPtr(image, &size, 95)
                  : format == Format::gif  ? gdImageGifPtr(image, &size)
                                           : gdImageWebpPtrEx(image, &size, gdWebpLossless);
    std::string file{static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
    gdFree(bytes);
    gdImageDestroy(image);
    return file;
}

inline constexpr Format kFormats[] = {Format::png, Format::jpeg, Format::webp, Format::gif};

inline std::optional<PictureFault::Kind> fault(std::string_view file) {
    const auto inspected = images::inspect(file);
    return inspected ? std::nullopt : std::optional{inspected.error().kind};
}

inline std::string big_endian(std::uint32_t number) {
    std::string text;
    for (int shift = 24; shift >= 0; shift -= 8)
        text += static_cast<char>(number >> static_cast<unsigned>(shift) & 0xffU);
    return text;
}

/// A PNG chunk whose checksum is wrong.
inline std::string chunk(std::string_view type, std::string_view data) {
    return big_endian(static_cast<std::uint32_t>(data.size())) + std::string{type} + std::string{data} +
           "sum.";
}

/// `png` with `count` more chunks after its header.
inline std::string with_chunks(std::string png, std::size_t count, std::string_view type,
                               std::string_view data = "") {
    std::string more;
    for (std::size_t i = 0; i < count; ++i)
        more += chunk(type, data);
    constexpr std::size_t after_header = 8 + 12 + 13;
    return png.insert(after_header, more);
}

inline std::size_t chunks_in(std::string_view png) {
    std::size_t count = 0;
    for (std::size_t at = 8; at + 8 <= png.size(); ++count) {
        std::size_t length = 0;
        for (std::size_t i = 0; i < 4; ++i)
            length = length << 8U | static_cast<unsigned char>(png[at + i]);
        at += length + 12;
    }
    return count;
}

inline std::string segment(char marker, std::string_view data) {
    const auto length = data.size() + 2;
    return "\xff"s + marker + static_cast<char>(length >> 8U) + static_cast<char>(length & 0xffU) +
           std::string{data};
}

/// A progressive JPEG file of 64 × 64 pixels and one component, in which so many scans hold no data.
inline std::string jpeg_of_scans(std::size_t scans) {
    std::string file = "\xff\xd8"s + segment('\xdb', "\0"s + std::string(64, '\1')) +
                       segment('\xc2', "\x08\0\x40\0\x40\1\1\x11\0"s) +
                       segment('\xc4', "\0\1"s + std::string(16, '\0')) +
                       segment('\xc4', "\x10\1"s + std::string(16, '\0'));
    for (std::size_t i = 0; i < scans; ++i)
        file += segment('\xda', i == 0 ? "\1\1\0\0\0\0"s : "\1\1\0\1\x3f\0"s);
    return file + "\xff\xd9";
}

/// `webp` with `count` more chunks at its end.
inline std::string with_riff_chunks(std::string webp, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        webp += "none\0\0\0\0"s;
    const auto size = webp.size() - 8;
    for (std::size_t i = 0; i < 4; ++i)
        webp[4 + i] = static_cast<char>(size >> 8U * i & 0xffU);
    return webp;
}

/// A PNG header that claims a size, with only the end after it.
inline std::string claiming(std::uint32_t width, std::uint32_t height) {
    const auto& number = big_endian;
    return "\x89PNG\r\n\x1a\n"s + number(13) + "IHDR" + number(width) + number(height) + "\x08\x02\0\0\0"s +
           "sum." + number(0) + "IEND" + "sum.";
}

/// The red and blue of a pixel of a WebP file.
inline std::pair<int, int> colour_at(const std::string& webp, int x, int y) {
    gdImage* image = gdImageCreateFromWebpPtr(static_cast<int>(webp.size()), const_cast<char*>(webp.data()));
    BOOST_REQUIRE(image != nullptr);
    const int pixel = gdImageGetTrueColorPixel(image, x, y);
    gdImageDestroy(image);
    return {gdTrueColorGetRed(pixel), gdTrueColorGetBlue(pixel)};
}

inline bool is_red(const std::string& webp, int x, int y) {
    const auto [red, blue] = colour_at(webp, x, y);
    return red > 180 && blue < 80;
}

inline std::string little_endian(std::size_t number, std::size_t size) {
    std::string text;
    for (std::size_t i = 0; i < size; ++i)
        text += static_cast<char>(number >> 8U * i & 0xffU);
    return text;
}

inline std::string riff_chunk(std::string_view type, const std::string& data) {
    return std::string{type} + little_endian(data.size(), 4) + data + std::string(data.size() % 2, '\0');
}

/// A WebP file of these chunks.
inline std::string riff(const std::string& chunks) {
    return "RIFF" + little_endian(chunks.size() + 4, 4) + "WEBP" + chunks;
}

/// The header of an extended WebP file.
inline std::string webp_header(char flags, std::uint32_t width, std::uint32_t height) {
    return riff_chunk("VP8X", flags + "\0\0\0"s + little_endian(width - 1, 3) + little_endian(height - 1, 3));
}

/// The chunk with the pixels of a WebP file of one chunk.
inline std::string webp_pixels(const std::string& webp) { return webp.substr(12); }

/// Exif data that says how the camera was held.
inline std::string exif(unsigned orientation, std::string_view order) {
    const bool little = order == "II";
    const auto number = [&](unsigned value, std::size_t size) {
        auto text = little_endian(value, size);
        if (!little) std::reverse(text.begin(), text.end());
        return text;
    };
    return std::string{order} + number(42, 2) + number(8, 4) + number(1, 2) + number(0x0112, 2) +
           number(3, 2) + number(1, 4) + number(orientation, 2) + number(0, 2) + number(0, 4);
}

/// A file that says in its Exif data how the camera was held. GIF files have none.
inline std::string held(unsigned orientation, std::string_view order = "II", Format format = Format::jpeg) {
    std::string file = picture(format, 64, 64);
    const auto data = exif(orientation, order);
    switch (format) {
        case Format::jpeg: return file.insert(2, segment('\xe1', "Exif\0\0"s + data));
        case Format::png: return with_chunks(file, 1, "eXIf", data);
        case Format::webp:
            return riff(webp_header('\x08', 64, 64) + webp_pixels(file) + riff_chunk("EXIF", data));
        case Format::gif: break;
    }
    return file;
}

/// A baseline JPEG file of grey pixels, two bits for each block of 64.
inline std::string large_jpeg(std::uint32_t width, std::uint32_t height) {
    const auto blocks = std::size_t{(width + 7) / 8} * ((height + 7) / 8);
    const auto size = [](std::uint32_t number) {
        return ""s + static_cast<char>(number >> 8U) + static_cast<char>(number & 0xffU);
    };
    const std::string table = "\1"s + std::string(16, '\0');  // a code of one bit, for nothing
    return "\xff\xd8"s + segment('\xdb', "\0"s + std::string(64, '\1')) +
           segment('\xc0', "\x08"s + size(height) + size(width) + "\1\1\x11\0"s) +
           segment('\xc4', "\0"s + table) + segment('\xc4', "\x10"s + table) +
           segment('\xda', "\1\1\0\0\x3f\0"s) + std::string(blocks / 4 + 1, '\0') + "\xff\xd9";
}

/// A JPEG file's structure only, with these sampling factors, one for each component.
inline std::string sampled_jpeg(char frame_header, const std::string& factors, std::uint32_t width,
                                std::uint32_t height, std::size_t scans = 1, bool is_interleaved = true) {
    std::string frame = "\x08"s + static_cast<char>(height >> 8U) + static_cast<char>(height & 0xffU) +
                        static_cast<char>(width >> 8U) + static_cast<char>(width & 0xffU) +
                        static_cast<char>(factors.size());
    for (std::size_t i = 0; i < factors.size(); ++i)
        frame += ""s + static_cast<char>(i + 1) + factors[i] + '\0';
    std::string file = "\xff\xd8"s + segment(frame_header, frame);
    for (std::size_t i = 0; i < scans; ++i)
        file += segment('\xda', ""s + static_cast<char>(is_interleaved ? factors.size() : 1));
    return file + "\xff\xd9";
}

/// `gif` with a second frame, of one black pixel, before its trailer.
inline std::string with_second_frame(std::string gif) {
    gif.pop_back();
    return gif + "\x21\xf9\4\0\x0a\0\0\0"s + ",\0\0\0\0\1\0\1\0\x80\0\0\0\0\0\0\2\2D\1\0;"s;
}

/// An animated WebP file of two frames.
inline std::string moving_webp(const std::string& first, const std::string& second, std::uint32_t width,
                               std::uint32_t height) {
    const auto frame = [&](const std::string& webp) {
        return riff_chunk("ANMF", std::string(6, '\0') + little_endian(width - 1, 3) +
                                      little_endian(height - 1, 3) + little_endian(100, 3) + "\0"s +
                                      webp_pixels(webp));
    };
    return riff(webp_header('\x02', width, height) + riff_chunk("ANIM", std::string(6, '\0')) + frame(first) +
                frame(second));
}

}  // namespace csauth::tests
