#include "images/picture.h"

#include <boost/test/unit_test.hpp>

#include "fakes/random.h"
#include "images/avatar.h"
#include "unit/domain/images/picture_builder.h"

using namespace csauth;
using namespace std::string_literals;
using images::Format;
using images::PictureFault;
using namespace csauth::tests;

BOOST_AUTO_TEST_SUITE(picture)

BOOST_AUTO_TEST_CASE(a_picture_says_what_it_is_and_how_large) {
    for (const auto format : kFormats) {
        const auto file = tests::picture(format, 120, 80);
        const auto inspected = images::inspect(file);
        BOOST_REQUIRE_MESSAGE(!!inspected, media_type(format));
        BOOST_CHECK(inspected->format == format);
        BOOST_TEST(inspected->width == 120U);
        BOOST_TEST(inspected->height == 80U);
    }
}

BOOST_AUTO_TEST_CASE(picture_that_is_not_whole_is_refused) {
    for (const auto format : kFormats) {
        const auto file = tests::picture(format, 40, 40);
        for (std::size_t size = 0; size < file.size(); ++size)
            BOOST_REQUIRE(fault(file.substr(0, size)).has_value());
    }
}

BOOST_AUTO_TEST_CASE(bytes_after_the_end_of_a_picture_are_left_out) {
    for (const auto format : kFormats) {
        const auto file = tests::picture(format, 40, 40);
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

BOOST_AUTO_TEST_CASE(jpeg_with_more_scans_than_allowed_is_refused) {
    BOOST_TEST(!fault(jpeg_of_scans(images::kMostScans)).has_value());
    BOOST_TEST(images::make_avatar(jpeg_of_scans(images::kMostScans)).has_value());
    BOOST_CHECK(fault(jpeg_of_scans(images::kMostScans + 1)) == PictureFault::Kind::bad_picture);
    BOOST_CHECK(fault(jpeg_of_scans(100'000)) == PictureFault::Kind::bad_picture);
    BOOST_TEST(!images::make_avatar(jpeg_of_scans(images::kMostScans + 1)).has_value());
}

BOOST_AUTO_TEST_CASE(picture_of_more_parts_than_allowed_is_refused) {
    const auto png = tests::picture(Format::png, 8, 8);
    const auto left = images::kMostParts - chunks_in(png);
    BOOST_TEST(!fault(with_chunks(png, left, "tEXt")).has_value());
    BOOST_CHECK(fault(with_chunks(png, left + 1, "tEXt")) == PictureFault::Kind::bad_picture);
    BOOST_CHECK(fault(with_chunks(png, left + 1, "IDAT")) == PictureFault::Kind::bad_picture);

    const auto webp = tests::picture(Format::webp, 8, 8);
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
    auto png = tests::picture(Format::png, 40, 20);
    const auto bare = images::without_extras(png);
    for (const char* type : {"zTXt", "iTXt", "tEXt", "iCCP", "sPLT", "pHYs", "eXIf", "abCD"})
        png = with_chunks(png, 3, type, "name\0\0whatever"s);
    BOOST_TEST(!fault(png).has_value());
    BOOST_TEST(images::without_extras(png) == bare);
    BOOST_TEST(images::make_avatar(png).has_value());
    for (const char* type : {"IHDR", "IDAT", "IEND"})
        BOOST_TEST(bare.find(type) != std::string::npos, type);
}

BOOST_AUTO_TEST_CASE(cut_png_has_no_extras_to_lose) {
    const auto png = tests::picture(Format::png, 8, 8);
    for (std::size_t size = 0; size < png.size(); ++size)
        BOOST_TEST(images::without_extras(png.substr(0, size)).size() <= png.size());
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
