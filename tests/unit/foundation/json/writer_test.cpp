#include "json/writer.h"

#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "json/object.h"

using namespace csauth;
using namespace std::string_view_literals;

BOOST_AUTO_TEST_SUITE(writer)

BOOST_AUTO_TEST_CASE(every_code_point_is_read_as_it_was_written) {
    for (char32_t c = 1; c <= 0x10ffff; c += c < 0x3000 ? 1 : 257) {
        if (c >= 0xd800 && c <= 0xdfff) continue;
        std::string text;
        if (c < 0x80) {
            text += static_cast<char>(c);
        } else if (c < 0x800) {
            text += static_cast<char>(0xc0U | c >> 6U);
            text += static_cast<char>(0x80U | (c & 63U));
        } else if (c < 0x10000) {
            text += static_cast<char>(0xe0U | c >> 12U);
            text += static_cast<char>(0x80U | (c >> 6U & 63U));
            text += static_cast<char>(0x80U | (c & 63U));
        } else {
            text += static_cast<char>(0xf0U | c >> 18U);
            text += static_cast<char>(0x80U | (c >> 12U & 63U));
            text += static_cast<char>(0x80U | (c >> 6U & 63U));
            text += static_cast<char>(0x80U | (c & 63U));
        }
        const auto written = json::Writer{}.begin_object().member("t", text).end_object().text();
        const auto read = json::Object::parse(written);
        BOOST_REQUIRE_MESSAGE(read, written);
        BOOST_REQUIRE_EQUAL(read->string("t").value(), text);
    }
}

BOOST_AUTO_TEST_CASE(every_kind_of_value_is_written) {
    json::Writer writer;
    writer.begin_object()
        .member("s", "a\"b\n")
        .member("i", std::int64_t{-1})
        .member("b", false)
        .member("none", std::optional<std::string>{})
        .member("some", std::optional<std::string>{"x"});
    writer.key("a").begin_array().value(1).null().raw(R"({"x":[]})").end_array().end_object();
    BOOST_TEST(writer.text() ==
               R"({"s":"a\"b\n","i":-1,"b":false,"none":null,"some":"x","a":[1,null,{"x":[]}]})");
}

BOOST_AUTO_TEST_CASE(text_can_not_end_its_string) {
    const auto written = [](std::string_view text) { return json::Writer{}.value(text).text(); };
    BOOST_TEST(written("\"") == R"("\"")");
    BOOST_TEST(written("\\") == R"("\\")");
    BOOST_TEST(written("\x1f\b\t\r"sv) == R"("\u001F\b\t\r")");
    BOOST_TEST(written("a\0b"sv) == R"("a\u0000b")");
    BOOST_TEST(json::Writer{}.begin_object().member("a\":1,\"b", true).end_object().text() ==
               R"({"a\":1,\"b":true})");
}

BOOST_AUTO_TEST_CASE(integers_are_exact_at_both_ends) {
    constexpr auto least = std::numeric_limits<std::int64_t>::min();
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    BOOST_TEST(json::Writer{}.value(least).text() == "-9223372036854775808");
    BOOST_TEST(json::Writer{}.value(most).text() == "9223372036854775807");
}

BOOST_AUTO_TEST_SUITE_END()
