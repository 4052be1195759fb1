#include "recall/reading_window.h"

#include <boost/test/unit_test.hpp>
#include <chrono>

using namespace csauth;
using namespace std::chrono_literals;
using recall::ReadingWindow;

namespace {

constexpr auto kLifetime = 700s;
constexpr auto kLongestTransaction = 80s;

std::chrono::milliseconds ms(std::chrono::milliseconds time) { return time; }

}  // namespace

BOOST_AUTO_TEST_SUITE(reading_window)

BOOST_AUTO_TEST_CASE(first_reading_covers_whole_lifetime) {
    const ReadingWindow window{kLifetime, kLongestTransaction};
    BOOST_CHECK(window.at(1s) == ms(kLifetime));
    BOOST_CHECK(window.at(60min) == ms(kLifetime));
}

BOOST_AUTO_TEST_CASE(next_reading_overlaps_the_one_before) {
    ReadingWindow window{kLifetime, kLongestTransaction};
    window.has_read(100s);
    BOOST_CHECK(window.at(100s + 250ms) == 250ms + ReadingWindow::kOverlap);
}

BOOST_AUTO_TEST_CASE(sweep_goes_back_to_the_longest_transaction) {
    ReadingWindow window{kLifetime, kLongestTransaction};
    window.has_read(100s);
    BOOST_CHECK(window.at(100s + ReadingWindow::kBetweenSweeps - 1ms) ==
                ReadingWindow::kBetweenSweeps - 1ms + ReadingWindow::kOverlap);
    BOOST_CHECK(window.at(100s + ReadingWindow::kBetweenSweeps) ==
                ReadingWindow::kBetweenSweeps + ms(kLongestTransaction));

    window.has_read(100s + ReadingWindow::kBetweenSweeps);
    BOOST_CHECK(window.at(100s + ReadingWindow::kBetweenSweeps + 250ms) == 250ms + ReadingWindow::kOverlap);
}

BOOST_AUTO_TEST_CASE(failed_readings_are_made_up_for) {
    ReadingWindow window{kLifetime, kLongestTransaction};
    window.has_read(100s);
    // The database is away for 40 s: no reading succeeds.
    BOOST_CHECK(window.at(140s) == 40s + ms(kLongestTransaction));
}

BOOST_AUTO_TEST_CASE(no_reading_exceeds_the_lifetime) {
    ReadingWindow window{kLifetime, kLongestTransaction};
    window.has_read(100s);
    BOOST_CHECK(window.at(100s + 24h) == ms(kLifetime));
}

BOOST_AUTO_TEST_SUITE_END()
