#include "shm/region.h"

#include <sys/mman.h>
#include <unistd.h>
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <limits>
#include <span>
#include <system_error>

#include "unit/foundation/shm/in_child.h"

using namespace csauth;
using tests::in_child;

namespace {

constexpr std::size_t kSize = 10'000;

std::span<unsigned char> bytes_of(const shm::Region& region) {
    return {static_cast<unsigned char*>(region.data()), kSize};
}

bool is_mapped(const shm::Region& region) {
    unsigned char pages[kSize / 4096 + 1];
    return ::mincore(region.data(), kSize, pages) == 0;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(region)

BOOST_AUTO_TEST_CASE(memory_is_zero_and_shared_with_children) {
    const shm::Region shared{kSize, "a test"};
    const auto bytes = bytes_of(shared);
    BOOST_TEST(std::all_of(bytes.begin(), bytes.end(), [](auto byte) { return byte == 0; }));
    in_child([&] {
        bytes[kSize - 1] = 7;
        return 0;
    });
    BOOST_TEST(bytes[kSize - 1] == 7);
}

BOOST_AUTO_TEST_CASE(hidden_memory_is_not_in_later_children) {
    const shm::Region shared{kSize, "a test"};
    BOOST_TEST(in_child([&] { return is_mapped(shared) ? 1 : 0; }) == 1);
    shared.hide_from_children();
    BOOST_TEST(in_child([&] { return is_mapped(shared) ? 1 : 0; }) == 0);
    BOOST_TEST(is_mapped(shared));
}

BOOST_AUTO_TEST_CASE(lack_of_memory_names_the_purpose) {
    try {
        const shm::Region shared{std::numeric_limits<std::size_t>::max() / 2, "the table of nothing"};
        BOOST_FAIL("so much memory exists");
    } catch (const std::system_error& failure) {
        BOOST_TEST(std::string{failure.what()}.find("the table of nothing") != std::string::npos);
    }
}

BOOST_AUTO_TEST_SUITE_END()
