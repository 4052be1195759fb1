#include "json/object.h"

#include <boost/test/unit_test.hpp>
#include <set>

#include "data.h"
#include "json/writer.h"

BOOST_AUTO_TEST_SUITE(object)

using namespace csauth;
using json::Kind;
using json::Object;

bool is_malformed(std::string_view text, const json::Limits& limits = {}) {
    const auto parsed = Object::parse(text, limits);
    return !parsed && parsed.error().reason == json::Refusal::Reason::malformed;
}

std::string nested(int depth) {
    std::string text = R"({"a":)";
    for (int i = 1; i < depth; ++i)
        text += '[';
    text += '1';
    for (int i = 1; i < depth; ++i)
        text += ']';
    return text + '}';
}

std::string with_members(int count) {
    std::string text = "{";
    for (int i = 0; i < count; ++i)
        text += (i > 0 ? ",\"" : "\"") + std::to_string(i) + "\":0";
    return text + '}';
}

BOOST_AUTO_TEST_CASE(members_are_found_by_name_and_kind) {
    const auto object = Object::parse(R"({"s":"x","i":-5,"n":1.5,"b":true,"z":null,"a":[1],"o":{"s":1}})");
    BOOST_REQUIRE(object);
    BOOST_TEST(object->string("s").value() == "x");
    BOOST_TEST(object->integer("i").value() == -5);
    BOOST_TEST(object->boolean("b").value());
    BOOST_CHECK(object->kind("n") == Kind::number);
    BOOST_CHECK(object->kind("z") == Kind::null);
    BOOST_CHECK(object->kind("a") == Kind::array);
    BOOST_CHECK(object->kind("o") == Kind::object);
    BOOST_CHECK(object->kind("nothing") == Kind::missing);
    BOOST_TEST(!object->string("i").has_value());
    BOOST_TEST(!object->integer("n").has_value());
    BOOST_TEST(!object->integer("s").has_value());
    BOOST_TEST(object->members().at("o") == R"({"s":1})");
}

BOOST_AUTO_TEST_CASE(an_integer_past_64_bits_is_a_number_and_no_integer) {
    const auto object =
        Object::parse(R"({"max":9223372036854775807,"more":9223372036854775808,"huge":1e18})");
    BOOST_TEST(object->integer("max").value() == 9223372036854775807);
    BOOST_TEST(!object->integer("more").has_value());
    BOOST_TEST(!object->integer("huge").has_value());
}

BOOST_AUTO_TEST_CASE(every_limit_holds_at_the_limit_and_not_one_past_it) {
    BOOST_TEST(!is_malformed(nested(8)));
    BOOST_TEST(is_malformed(nested(9)));
    BOOST_TEST(!is_malformed(with_members(64)));
    BOOST_TEST(is_malformed(with_members(65)));
    const std::string head = R"({"a":")";
    const std::string full = head + std::string(16 * 1024 - head.size() - 2, 'x') + R"("})";
    BOOST_TEST(full.size() == 16U * 1024);
    BOOST_TEST(!is_malformed(full));
    BOOST_TEST(is_malformed(full + " "));
}

BOOST_AUTO_TEST_CASE(a_deep_text_costs_nothing) {
    const json::Limits large{.bytes = 4'000'000};
    BOOST_TEST(is_malformed(std::string(1'000'000, '['), large));
    BOOST_TEST(is_malformed(R"({"a":)" + std::string(1'000'000, '['), large));
}

BOOST_AUTO_TEST_CASE(what_strictness_forbids_is_malformed) {
    const std::string nul(1, '\0');
    const std::string cases[] = {R"({"a":1,"a":2})",
                                 R"({"o":{"a":1,"a":1}})",
                                 R"({"a":"\u0000"})",
                                 R"({"\u0000":1})",
                                 R"({"a":1})" + nul,
                                 R"({"a":1})" + nul + "garbage",
                                 "{\"a\":\"" + nul + "\"}",
                                 R"({"a":1} x)",
                                 R"({"a":1}{})",
                                 "{\"a\":\"\xff\"}",
                                 "{\"a\":\"\xc0\xaf\"}",
                                 R"({"a":"\ud800"})",
                                 R"({"a":"\udc00"})",
                                 R"({"\udc00":1})",
                                 "\xef\xbb\xbf{}",
                                 "",
                                 " ",
                                 "{",
                                 R"({"a":1,})",
                                 "{'a':1}",
                                 R"({"a":01})",
                                 R"({"a":NaN})",
                                 R"({"a":1e999})",
                                 "{\"a\":\"\n\"}",
                                 R"({"a":128.74836467836484838364836483643636483648e-336,})"};
    for (const auto& text : cases)
        BOOST_TEST(is_malformed(text), text);
}

BOOST_AUTO_TEST_CASE(a_text_that_is_no_object_is_told_apart) {
    for (const char* text : {"[]", "1", "\"x\"", "null", "true", "[{\"a\":1}]"}) {
        const auto parsed = Object::parse(text);
        BOOST_REQUIRE(!parsed);
        BOOST_CHECK(parsed.error().reason == json::Refusal::Reason::not_an_object);
    }
}

BOOST_AUTO_TEST_CASE(a_member_stands_once_in_its_object_and_may_again_in_another) {
    for (const char* good : {R"({"a":{"b":1},"b":2})", R"({"a":[{"x":1},{"x":2}],"x":3})",
                             R"({"a":{"a":{"a":1}}})", R"({"a":1,"A":2,"":3," ":4})"})
        BOOST_TEST(!is_malformed(good), good);
    for (const char* bad : {R"({"a":{"b":1},"a":2})", R"({"a":[{"x":1},{"x":2,"x":3}]})",
                            R"({"a":1,"\u0061":2})", R"({"a":{"b":{"c":1},"b":2}})", R"({"":1,"":2})"})
        BOOST_TEST(is_malformed(bad), bad);
}

// https://github.com/nst/JSONTestSuite: y must be taken, n must not, i is ours to say.
BOOST_AUTO_TEST_CASE(the_json_test_suite_is_judged_as_it_says) {
    // What we forbid beyond RFC 8259: duplicate members, and NUL.
    const std::set<std::string> forbidden{"y_object_duplicated_key.json",
                                          "y_object_duplicated_key_and_value.json",
                                          "y_object_escaped_null_in_key.json", "y_string_null_escape.json"};
    const std::set<std::string> taken_of_our_own_will{
        "i_number_double_huge_neg_exp.json", "i_number_real_underflow.json", "i_number_too_big_neg_int.json",
        "i_number_too_big_pos_int.json", "i_number_very_big_negative_int.json"};
    int seen = 0;
    for (const auto& entry : std::filesystem::directory_iterator{tests::data("jsontestsuite/test_parsing")}) {
        const auto name = entry.path().filename().string();
        const bool malformed = is_malformed(tests::content(entry.path()), {.bytes = 1 << 20});
        const bool expected = name[0] == 'n'   ? true
                              : name[0] == 'y' ? forbidden.contains(name)
                                               : !taken_of_our_own_will.contains(name);
        BOOST_TEST(malformed == expected, name);
        ++seen;
    }
    BOOST_TEST(seen == 318);
}

BOOST_AUTO_TEST_SUITE_END()
