#include "images/avatar.h"

#include <gd.h>
#include <boost/test/unit_test.hpp>

#include "images/picture.h"
#include "unit/domain/images/picture_builder.h"

using namespace csauth;
using namespace std::string_literals;
using images::Format;
using namespace csauth::tests;

BOOST_AUTO_TEST_SUITE(avatar)

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

BOOST_AUTO_TEST_CASE(every_format_works_here) { BOOST_CHECK_NO_THROW(images::warm_up()); }

BOOST_AUTO_TEST_SUITE_END()
