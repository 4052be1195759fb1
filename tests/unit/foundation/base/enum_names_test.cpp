#include "base/enum_names.h"

#include <boost/test/unit_test.hpp>

using namespace csauth;

namespace {

enum class Colour { red, green, blue };

constexpr EnumNames kNames{std::to_array<NameOf<Colour>>({{Colour::red, "red"}, {Colour::green, "green"}})};

}  // namespace

BOOST_AUTO_TEST_SUITE(enum_names)

BOOST_AUTO_TEST_CASE(value_has_its_name) {
    BOOST_TEST(kNames.of(Colour::red) == "red");
    BOOST_TEST(kNames.of(Colour::green) == "green");
}

BOOST_AUTO_TEST_CASE(value_without_a_name_throws) {
    BOOST_CHECK_THROW((void)kNames.of(Colour::blue), std::logic_error);
}

BOOST_AUTO_TEST_CASE(name_finds_its_value) {
    BOOST_CHECK(kNames.find("green") == Colour::green);
    BOOST_CHECK(!kNames.find("blue"));
    BOOST_CHECK(!kNames.find("Green"));
    BOOST_CHECK(!kNames.find(""));
}

BOOST_AUTO_TEST_SUITE_END()
