#include "images/picture.h"

#include <gd.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <csignal>

#include "fakes/random.h"
#include "fakes/world.h"
#include "images/avatar.h"
#include "images/imager.h"
#include "images/middle_square.h"
#include "images/sandbox.h"
#include "unit/domain/images/picture_builder.h"

using namespace csauth;
using namespace std::string_literals;
using images::Format;
using images::PictureFault;
using namespace csauth::tests;

BOOST_AUTO_TEST_SUITE(picture_files)

BOOST_AUTO_TEST_CASE(a_picture_says_what_it_is_and_how_large) {
    for (const auto format : kFormats) {
        const auto file = picture(format, 120, 80);
        const auto inspected = images::inspect(file);
        BOOST_REQUIRE_MESSAGE(!!inspected, media_type(format));
        BOOST_CHECK(inspected->format == format);
        BOOST_TEST(inspected->width == 120U);
        BOOST_TEST(inspected->height == 80U);
    }
}

BOOST_AUTO_TEST_CASE(picture_that_is_not_whole_is_refused) {
    for (const auto format : kFormats) {
        const auto file = picture(format, 40, 40);
        for (std::size_t size = 0; size < file.size(); ++size)
            BOOST_REQUIRE(fault(file.substr(0, size)).has_value());
    }
}

BOOST_AUTO_TEST_CASE(bytes_after_the_end_of_a_picture_are_left_out) {
    for (const auto format : kFormats) {
        const auto file = picture(format, 40, 40);
        const auto avatar = images::make_avatar(file);
        BOOST_REQUIRE_MESSAGE(avatar.has_value(), media_type(format));
        for (const auto& tail : {"\n"s, "\0"s, "<script>alert(1)</script>"s, "PK\x03\x04"s, file,
                                 "\0\0\0\x18" + "ftypmp42"s + std::string(5000, 'x')}) {
            const auto inspected = images::inspect(file + tail);
            BOOST_REQUIRE_MESSAGE(!!inspected, media_type(format));
            BOOST_TEST(inspected->length == file.size());
            const auto same = images::make_avatar(file + tail);
            BOOST_REQUIRE(same.has_value());
            BOOST_TEST((same->large == avatar->large));
        }
    }
}

BOOST_AUTO_TEST_CASE(other_files_are_not_pictures) {
    for (const auto& file :
         {""s, "x"s, "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"s, "GIF88a\1\0\1\0"s, "BM...."s,
          "<!doctype html>"s, "%PDF-1.7"s, "RIFF\0\0\0\0WAVE"s, "\x89PNG"s, "\xff\xd8"s})
        BOOST_CHECK(fault(file) == PictureFault::Kind::unknown_format);
}

BOOST_AUTO_TEST_CASE(sizes_are_taken_up_to_their_limits_before_anything_is_decoded) {
    BOOST_TEST(!fault(claiming(8192, 6144)).has_value());
    BOOST_CHECK(fault(claiming(8192, 6145)) == PictureFault::Kind::bad_picture);
    BOOST_CHECK(fault(claiming(8193, 6144)) == PictureFault::Kind::bad_picture);
    BOOST_TEST(!fault(claiming(1, 65535)).has_value());
    BOOST_TEST(!fault(claiming(65535, 768)).has_value());
    BOOST_CHECK(fault(claiming(65535, 769)) == PictureFault::Kind::bad_picture);
    BOOST_CHECK(fault(claiming(1, 65536)) == PictureFault::Kind::bad_picture);
    BOOST_CHECK(fault(claiming(65536, 1)) == PictureFault::Kind::bad_picture);
    BOOST_CHECK(fault(claiming(0, 5)) == PictureFault::Kind::bad_picture);
    BOOST_CHECK(fault(claiming(65535, 65535)) == PictureFault::Kind::bad_picture);
    BOOST_CHECK(fault(claiming(0xffffffff, 0xffffffff)) == PictureFault::Kind::bad_picture);
}

BOOST_AUTO_TEST_CASE(jpeg_of_50_megapixels_fits_the_imagers_limits) {
    const auto file = large_jpeg(8192, 6144);
    BOOST_CHECK(fault(large_jpeg(8192, 6145)) == PictureFault::Kind::bad_picture);
    const pid_t child = ::fork();
    if (child == 0) {
        images::enter_sandbox({.memory = images::kDecoderMemory, .processor_time = images::kDecoderTime});
        ::_exit(images::make_avatar(file) ? 0 : 1);
    }
    int status = 0;
    BOOST_REQUIRE(::waitpid(child, &status, 0) == child);
    BOOST_TEST(WIFEXITED(status));
    BOOST_TEST(WEXITSTATUS(status) == 0);
}

BOOST_AUTO_TEST_CASE(jpeg_kept_as_a_whole_is_limited_in_memory) {
    const char baseline = '\xc0';
    const char progressive = '\xc2';
    const auto colour_420 = "\x22\x11\x11"s;
    const auto colour_422 = "\x21\x11\x11"s;
    const auto colour_444 = "\x11\x11\x11"s;
    BOOST_TEST(!fault(sampled_jpeg(progressive, colour_420, 8192, 6144)).has_value());
    BOOST_TEST(!fault(sampled_jpeg(progressive, colour_422, 8192, 6144)).has_value());
    BOOST_TEST(!fault(sampled_jpeg(progressive, colour_444, 8192, 4096)).has_value());
    BOOST_CHECK(fault(sampled_jpeg(progressive, colour_444, 8192, 4097)) == PictureFault::Kind::bad_picture);
    BOOST_TEST(!fault(sampled_jpeg(baseline, colour_444, 8192, 6144)).has_value());
    BOOST_CHECK(fault(sampled_jpeg(baseline, colour_444, 8192, 6144, 3, false)) ==
                PictureFault::Kind::bad_picture);
    BOOST_TEST(!fault(sampled_jpeg(baseline, colour_420, 8192, 6144, 3, false)).has_value());
}

BOOST_AUTO_TEST_CASE(jpeg_of_many_pixels_may_have_fewer_scans) {
    const auto scans = static_cast<std::size_t>(images::kMostScannedPixels / images::kMostPixels);
    BOOST_TEST(!fault(sampled_jpeg('\xc2', "\x11", 8192, 6144, scans)).has_value());
    BOOST_CHECK(fault(sampled_jpeg('\xc2', "\x11", 8192, 6144, scans + 1)) ==
                PictureFault::Kind::bad_picture);
    BOOST_TEST(!fault(sampled_jpeg('\xc2', "\x11", 4000, 4000, images::kMostScans)).has_value());
}

BOOST_AUTO_TEST_CASE(first_frame_of_a_moving_picture_is_taken) {
    const auto gif = picture(Format::gif, 64, 48);
    const auto other = picture(Format::webp, 64, 48, 0x00ff00, 0x00ff00);
    for (const auto& file :
         {with_second_frame(gif), moving_webp(picture(Format::webp, 64, 48), other, 64, 48),
          with_chunks(with_chunks(picture(Format::png, 64, 48), 1, "fcTL", std::string(26, '\0')), 1, "acTL",
                      "\0\0\0\2\0\0\0\0"s)}) {
        const auto inspected = images::inspect(file);
        BOOST_REQUIRE(!!inspected);
        BOOST_TEST(inspected->width == 64U);
        BOOST_TEST(inspected->height == 48U);
        const auto avatar = images::make_avatar(file);
        BOOST_REQUIRE_MESSAGE(avatar.has_value(), media_type(inspected->format));
        BOOST_TEST(is_red(avatar->large, 100, 256));
        BOOST_TEST(!is_red(avatar->large, 400, 256));
        for (std::size_t size = 0; size < file.size(); ++size)
            BOOST_REQUIRE(fault(file.substr(0, size)).has_value());
    }
}

BOOST_AUTO_TEST_CASE(interlaced_pictures_look_like_others) {
    gdImage* image = gdImageCreateTrueColor(1300, 1200);
    gdImageFilledRectangle(image, 0, 0, 649, 1199, 0xff0000);
    gdImageFilledRectangle(image, 650, 0, 1299, 1199, 0x0000ff);
    for (const bool is_png : {true, false}) {
        std::vector<std::string> large;
        for (const int is_interlaced : {0, 1}) {
            gdImageInterlace(image, is_interlaced);
            int size = 0;
            void* bytes = is_png ? gdImagePngPtr(image, &size) : gdImageGifPtr(image, &size);
            const auto avatar =
                images::make_avatar({static_cast<char*>(bytes), static_cast<std::size_t>(size)});
            gdFree(bytes);
            BOOST_REQUIRE(avatar.has_value());
            BOOST_TEST(is_red(avatar->large, 100, 256));
            BOOST_TEST(!is_red(avatar->large, 400, 256));
            large.push_back(avatar->large);
        }
        BOOST_TEST((large.front() == large.back()));
    }
    gdImageDestroy(image);
}

BOOST_AUTO_TEST_CASE(small_interlaced_pictures_have_fewer_passes) {
    for (const int width : {1, 2, 3, 4, 5, 9}) {
        gdImage* image = gdImageCreateTrueColor(width, 3);
        gdImageFilledRectangle(image, 0, 0, width - 1, 2, 0xff0000);
        gdImageInterlace(image, 1);
        int size = 0;
        void* bytes = gdImagePngPtr(image, &size);
        const auto avatar = images::make_avatar({static_cast<char*>(bytes), static_cast<std::size_t>(size)});
        gdFree(bytes);
        gdImageDestroy(image);
        BOOST_REQUIRE(avatar.has_value());
        BOOST_TEST(is_red(avatar->large, 256, 256), width);
    }
}

BOOST_AUTO_TEST_CASE(large_pictures_are_reduced_in_boxes) {
    images::MiddleSquare small{3, 2};  // the square begins at column 0
    const std::array<std::uint8_t, 12> row{255, 0, 0, 255, 0, 255, 0, 0, 0, 0, 255, 255};
    for (std::uint32_t y = 0; y < 3; ++y)  // the third is outside
        small.add(y, row);
    const auto same = small.take();
    BOOST_TEST(same.side == 2U);
    BOOST_TEST(same.pixels[0] == 255);
    BOOST_TEST(same.pixels[3] == 255);
    BOOST_TEST(same.pixels[7] == 0);

    // Two of the four pixels of a box: one is red and half there, one blue and all there.
    constexpr auto longest = images::MiddleSquare::kLongestSquare;
    images::MiddleSquare large{longest * 2, longest * 2 + 4};
    std::vector<std::uint8_t> even(std::size_t{longest} * 2 * 4);
    for (std::size_t i = 0; i < even.size(); i += 8) {
        even[i] = 255;
        even[i + 3] = 127;
        even[i + 6] = 255;
        even[i + 7] = 255;
    }
    for (std::uint32_t y = 2; y < longest * 2 + 2; y += 2)
        large.add(y, even);
    const auto reduced = large.take();
    BOOST_TEST(reduced.side == longest);
    for (const std::size_t at : {std::size_t{0}, reduced.pixels.size() - 4}) {
        BOOST_TEST(reduced.pixels[at] == 85);       // a third of the colour
        BOOST_TEST(reduced.pixels[at + 2] == 170);  // two thirds
        BOOST_TEST(reduced.pixels[at + 3] == 96);   // (127 + 255) / 4
    }
}

BOOST_AUTO_TEST_CASE(an_avatar_is_two_squares_and_nothing_else_of_the_file) {
    for (const auto format : kFormats) {
        const auto avatar = images::make_avatar(picture(format, 200, 100));
        BOOST_REQUIRE_MESSAGE(avatar.has_value(), media_type(format));
        BOOST_TEST(images::inspect(avatar->large)->width == 512U);
        BOOST_TEST(images::inspect(avatar->large)->height == 512U);
        BOOST_TEST(images::inspect(avatar->small)->width == 96U);
        BOOST_CHECK(images::inspect(avatar->large)->format == Format::webp);
        BOOST_TEST(is_red(avatar->large, 100, 256));
        BOOST_TEST(!is_red(avatar->large, 400, 256));
    }
    auto file = held(1);
    file.insert(2, "\xff\xfe\0\x0bGPS 48.1N"s);
    const auto avatar = images::make_avatar(file);
    BOOST_REQUIRE(avatar.has_value());
    for (const auto& bytes : {avatar->large, avatar->small})
        for (const char* trace : {"Exif", "EXIF", "GPS", "XMP"})
            BOOST_TEST(bytes.find(trace) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(every_format_works_here) { BOOST_CHECK_NO_THROW(images::warm_up()); }

BOOST_AUTO_TEST_CASE(a_photograph_stands_upright_however_the_camera_was_held) {
    // Where the left half of the file ends up: left, right, right, left, top, top, bottom, bottom.
    const struct {
        unsigned orientation;
        int x, y;
    } cases[] = {{1, 100, 256}, {2, 400, 256}, {3, 400, 256}, {4, 100, 256},
                 {5, 256, 100}, {6, 256, 100}, {7, 256, 400}, {8, 256, 400}};
    for (const auto& c : cases) {
        for (const auto format : {Format::jpeg, Format::png, Format::webp}) {
            for (const char* order : {"II", "MM"}) {
                const auto file = held(c.orientation, order, format);
                BOOST_TEST(images::orientation_of(file) == c.orientation);
                const auto avatar = images::make_avatar(file);
                BOOST_REQUIRE(avatar.has_value());
                BOOST_TEST(is_red(avatar->large, c.x, c.y), media_type(format) << c.orientation);
                BOOST_TEST(!is_red(avatar->large, 511 - c.x, 511 - c.y), media_type(format) << c.orientation);
            }
        }
    }
    for (const auto format : {Format::jpeg, Format::png, Format::webp}) {
        BOOST_TEST(images::orientation_of(held(0, "II", format)) == 1U);
        BOOST_TEST(images::orientation_of(held(9, "MM", format)) == 1U);
        BOOST_TEST(images::orientation_of(picture(format, 8, 8)) == 1U);
    }
    // Some writers put the prefix of JPEG into WebP, too.
    const auto prefixed = riff(webp_header('\x08', 8, 8) + webp_pixels(picture(Format::webp, 8, 8)) +
                               riff_chunk("EXIF", "Exif\0\0"s + exif(6, "MM")));
    BOOST_TEST(images::orientation_of(prefixed) == 6U);
    BOOST_TEST(images::orientation_of(picture(Format::gif, 8, 8)) == 1U);
    BOOST_TEST(images::orientation_of("") == 1U);
}

BOOST_AUTO_TEST_CASE(jpeg_with_more_scans_than_allowed_is_refused) {
    BOOST_TEST(!fault(jpeg_of_scans(images::kMostScans)).has_value());
    BOOST_TEST(images::make_avatar(jpeg_of_scans(images::kMostScans)).has_value());
    BOOST_CHECK(fault(jpeg_of_scans(images::kMostScans + 1)) == PictureFault::Kind::bad_picture);
    BOOST_CHECK(fault(jpeg_of_scans(100'000)) == PictureFault::Kind::bad_picture);
    BOOST_TEST(!images::make_avatar(jpeg_of_scans(images::kMostScans + 1)).has_value());
}

BOOST_AUTO_TEST_CASE(progressive_jpeg_of_libjpeg_is_taken) {
    gdImage* image = gdImageCreateTrueColor(64, 64);
    gdImageInterlace(image, 1);
    int size = 0;
    void* bytes = gdImageJpegPtr(image, &size, 90);
    const std::string file{static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
    gdFree(bytes);
    gdImageDestroy(image);
    std::size_t scans = 0;
    for (auto at = file.find("\xff\xda"); at != std::string::npos; at = file.find("\xff\xda", at + 1))
        ++scans;
    BOOST_TEST(scans == 10U);
    BOOST_TEST(images::make_avatar(file).has_value());
}

BOOST_AUTO_TEST_CASE(picture_of_more_parts_than_allowed_is_refused) {
    const auto png = picture(Format::png, 8, 8);
    const auto left = images::kMostParts - chunks_in(png);
    BOOST_TEST(!fault(with_chunks(png, left, "tEXt")).has_value());
    BOOST_CHECK(fault(with_chunks(png, left + 1, "tEXt")) == PictureFault::Kind::bad_picture);
    BOOST_CHECK(fault(with_chunks(png, left + 1, "IDAT")) == PictureFault::Kind::bad_picture);

    const auto webp = picture(Format::webp, 8, 8);
    BOOST_TEST(!fault(with_riff_chunks(webp, images::kMostParts - 1)).has_value());
    BOOST_CHECK(fault(with_riff_chunks(webp, images::kMostParts)) == PictureFault::Kind::bad_picture);

    constexpr std::size_t own_segments = 5;  // those of jpeg_of_scans(1)
    const auto with_comments = [](std::size_t count) {
        std::string comments;
        for (std::size_t i = 0; i < count; ++i)
            comments += segment('\xfe', "");
        return jpeg_of_scans(1).insert(2, comments);
    };
    BOOST_TEST(!fault(with_comments(images::kMostParts - own_segments)).has_value());
    BOOST_CHECK(fault(with_comments(images::kMostParts - own_segments + 1)) ==
                PictureFault::Kind::bad_picture);
}

BOOST_AUTO_TEST_CASE(png_texts_and_profiles_never_reach_the_decoder) {
    auto png = picture(Format::png, 40, 20);
    const auto bare = images::without_extras(png);
    for (const char* type : {"zTXt", "iTXt", "tEXt", "iCCP", "sPLT", "pHYs", "eXIf", "abCD"})
        png = with_chunks(png, 3, type, "name\0\0whatever"s);
    BOOST_TEST(!fault(png).has_value());
    BOOST_TEST(images::without_extras(png) == bare);
    BOOST_TEST(images::make_avatar(png).has_value());
    for (const char* type : {"IHDR", "IDAT", "IEND"})
        BOOST_TEST(bare.find(type) != std::string::npos, type);
}

BOOST_AUTO_TEST_CASE(png_palette_and_transparency_are_kept) {
    gdImage* image = gdImageCreate(40, 20);
    const int red = gdImageColorAllocateAlpha(image, 255, 0, 0, 0);
    const int clear = gdImageColorAllocateAlpha(image, 0, 0, 0, 127);
    gdImageFilledRectangle(image, 0, 0, 19, 19, red);
    gdImageFilledRectangle(image, 20, 0, 39, 19, clear);
    int size = 0;
    void* bytes = gdImagePngPtr(image, &size);
    const std::string png{static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
    gdFree(bytes);
    gdImageDestroy(image);
    for (const char* type : {"PLTE", "tRNS"})
        BOOST_TEST(images::without_extras(png).find(type) != std::string::npos, type);
    const auto avatar = images::make_avatar(png);
    BOOST_REQUIRE(avatar.has_value());
    BOOST_TEST(is_red(avatar->large, 100, 256));
}

BOOST_AUTO_TEST_CASE(cut_png_has_no_extras_to_lose) {
    const auto png = picture(Format::png, 8, 8);
    for (std::size_t size = 0; size < png.size(); ++size)
        BOOST_TEST(images::without_extras(png.substr(0, size)).size() <= png.size());
}

BOOST_AUTO_TEST_CASE(decoder_that_never_ends_is_killed) {
    const pid_t child = ::fork();
    if (child == 0) {
        images::enter_sandbox({.memory = images::kDecoderMemory, .processor_time = images::kDecoderTime});
        for (std::atomic<unsigned> turns{0};; ++turns) {}
    }
    int status = 0;
    BOOST_REQUIRE(::waitpid(child, &status, 0) == child);
    BOOST_TEST(WIFSIGNALED(status));
    BOOST_TEST((WTERMSIG(status) == SIGKILL || WTERMSIG(status) == SIGXCPU));
}

BOOST_AUTO_TEST_CASE(damaged_pictures_harm_nobody) {
    fakes::Random random;
    for (const auto format : kFormats) {
        const auto good = held(6, "II", format);
        for (int round = 0; round < 3000; ++round) {
            auto file = good;
            for (std::uint32_t i = 0; i <= random.below(4); ++i)
                file[random.below(static_cast<std::uint32_t>(file.size()))] =
                    static_cast<char>(random.below(256));
            if (random.below(4) == 0) file.resize(random.below(static_cast<std::uint32_t>(file.size())));
            (void)images::inspect(file);
            (void)images::orientation_of(file);
            (void)images::without_extras(file);
            (void)images::first_frame(file);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
