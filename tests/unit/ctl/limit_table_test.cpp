#include "ctl/limit_table.h"

#include <boost/test/unit_test.hpp>

using namespace csauth;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(limit_table)

BOOST_AUTO_TEST_CASE(numbers_have_commas) {
    BOOST_TEST(with_commas(0) == "0");
    BOOST_TEST(with_commas(999) == "999");
    BOOST_TEST(with_commas(1'000) == "1,000");
    BOOST_TEST(with_commas(114'688) == "114,688");
    BOOST_TEST(with_commas(1'000'000) == "1,000,000");
}

BOOST_AUTO_TEST_CASE(sizes_are_in_the_largest_whole_unit) {
    BOOST_TEST(in_bytes(254) == "254 bytes");
    BOOST_TEST(in_bytes(1023) == "1,023 bytes");
    BOOST_TEST(in_bytes(1024) == "1 KiB");
    BOOST_TEST(in_bytes(1025) == "1,025 bytes");
    BOOST_TEST(in_bytes(16 * 1024) == "16 KiB");
    BOOST_TEST(in_bytes(1024 * 1024) == "1 MiB");
    BOOST_TEST(in_bytes(1024 * 1024 + 1024) == "1,025 KiB");
}

BOOST_AUTO_TEST_CASE(times_are_in_the_largest_whole_unit) {
    BOOST_TEST(in_words(100ms) == "100 milliseconds");
    BOOST_TEST(in_words(1s) == "1 second");
    BOOST_TEST(in_words(90s) == "90 seconds");
    BOOST_TEST(in_words(2min) == "2 minutes");
    BOOST_TEST(in_words(90min) == "90 minutes");
    BOOST_TEST(in_words(1h) == "1 hour");
    BOOST_TEST(in_words(72h) == "72 hours");
    BOOST_TEST(in_words(96h) == "4 days");
    BOOST_TEST(in_words(7 * 24h) == "7 days");
}

BOOST_AUTO_TEST_CASE(every_row_is_complete_and_fits_a_table) {
    for (const auto& [what, limit, beyond] : limit_rows()) {
        for (const auto* const cell : {&what, &limit, &beyond}) {
            BOOST_TEST(!cell->empty(), what);
            BOOST_TEST(cell->find_first_of("|\n") == std::string::npos, what);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
