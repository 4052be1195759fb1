#include "images/middle_square.h"

#include <array>
#include <boost/test/unit_test.hpp>
#include <vector>

using namespace csauth;

BOOST_AUTO_TEST_SUITE(middle_square)

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

BOOST_AUTO_TEST_SUITE_END()
