#include "text/plain_text.h"

#include <boost/test/unit_test.hpp>
#include <optional>
#include <string>

using namespace csauth;
using namespace std::string_literals;
using text::Lines;

namespace {

std::string kept(std::string_view given, Lines lines = Lines::one) {
    const auto result = text::plain_text(given, 100, lines);
    return result ? *result : "refused: " + result.error().detail;
}

std::optional<FieldCode> refusal(std::string_view given, std::size_t longest = 100) {
    const auto result = text::plain_text(given, longest, Lines::many);
    return result ? std::nullopt : std::optional{result.error().code};
}

const std::string kScotland =
    "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f";  // the flag

}  // namespace

BOOST_AUTO_TEST_SUITE(plain_text)

BOOST_AUTO_TEST_CASE(text_is_composed_and_has_no_outer_space) {
    BOOST_TEST(kept("Jose\u0301") == "Jos\u00e9");
    BOOST_TEST(kept(" \t\u00a0\u3000Ann Example\r\n ") == "Ann Example");
    BOOST_TEST(kept("") == "");
    BOOST_TEST(kept(" \n\t") == "");
}

BOOST_AUTO_TEST_CASE(every_line_break_becomes_one_line_feed_or_space) {
    for (const auto* line_break : {"\n", "\r\n", "\r", "\v", "\f", "\u0085", "\u2028", "\u2029"}) {
        BOOST_TEST(kept("a"s + line_break + "b", Lines::many) == "a\nb");
        BOOST_TEST(kept("a"s + line_break + "b", Lines::one) == "a b");
    }
    BOOST_TEST(kept("a\r\r\nb", Lines::many) == "a\n\nb");
    BOOST_TEST(kept("a\tb", Lines::many) == "a b");
}

BOOST_AUTO_TEST_CASE(characters_that_turn_direction_are_dropped) {
    for (const auto* turning :
         {"\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"})
        BOOST_TEST(kept("photo"s + turning + "gpj.exe") == "photogpj.exe");
}

BOOST_AUTO_TEST_CASE(characters_that_show_nothing_are_dropped) {
    for (const auto* invisible : {"\u200b", "\u2060", "\ufeff", "\u00ad", "\u3164", "\U000e0041"})
        BOOST_TEST(kept("a"s + invisible + "b") == "ab");
}

BOOST_AUTO_TEST_CASE(invisible_characters_of_scripts_and_emoji_are_kept) {
    for (const std::string text : {"\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  // Persian, non-joiner
                                   "\U0001f468\u200d\U0001f469\u200d\U0001f467",        // a family
                                   "\u2764\ufe0f",                                      // a red heart
                                   "\u05d0\u200f!"})
        BOOST_TEST(kept(text) == text);
}

BOOST_AUTO_TEST_CASE(tags_are_kept_in_a_whole_flag_alone) {
    BOOST_TEST(kept("a" + kScotland + "b") == "a" + kScotland + "b");
    const auto cut = kScotland.substr(0, kScotland.size() - 4);  // without the tag that ends it
    BOOST_TEST(kept(cut + "b") ==
               "\U0001f3f4"
               "b");
    BOOST_TEST(kept("\U0001f3f4\U000e007f") == "\U0001f3f4");  // a flag of nothing
}

BOOST_AUTO_TEST_CASE(control_characters_and_noncharacters_are_invalid) {
    for (const std::string& bad : {"a\0b"s, "\x1b[2J"s, "\x7f"s, "\u009b"s, "\ufffe"s, "\uffff"s, "\ufdd0"s,
                                   "\ufdef"s, "\U0010ffff"s, "\b"s})
        BOOST_CHECK(refusal(bad) == FieldCode::invalid);
    for (const std::string& good : {"\ufdcf"s, "\ufdf0"s, "\ufffd"s, "\u00a0x"s, "~"s})
        BOOST_CHECK(refusal(good) == std::nullopt);
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_utf8_are_invalid) {
    for (const auto* bad : {"\xff", "\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "a\x80"})
        BOOST_CHECK(refusal(bad) == FieldCode::invalid);
}

BOOST_AUTO_TEST_CASE(length_is_that_of_what_is_stored) {
    BOOST_CHECK(refusal("\u00fc\u00fc\u00fc", 3) == std::nullopt);  // six bytes
    BOOST_CHECK(refusal("\u00fc\u00fc\u00fcx", 3) == FieldCode::too_long);
    BOOST_CHECK(refusal("u\u0308u\u0308u\u0308", 3) == std::nullopt);  // composed: three
    BOOST_CHECK(refusal("  abc\u200b  ", 3) == std::nullopt);
}

BOOST_AUTO_TEST_CASE(cleaned_text_drops_what_plain_text_refuses) {
    BOOST_TEST(text::cleaned_text(" Ann's\x1b[31m\nphone\u202e ", 100) == "Ann's[31m phone");
    BOOST_TEST(text::cleaned_text("\xff", 100).empty());
    BOOST_TEST(text::cleaned_text("", 100).empty());
}

BOOST_AUTO_TEST_CASE(cleaned_text_is_cut_between_whole_characters) {
    BOOST_TEST(text::cleaned_text("abcd", 3) == "abc");
    BOOST_TEST(text::cleaned_text("abc", 3) == "abc");
    BOOST_TEST(text::cleaned_text("ab cd", 3) == "ab");                       // no space at the cut
    const std::string family = "\U0001f468\u200d\U0001f469\u200d\U0001f467";  // five code points
    BOOST_TEST(text::cleaned_text(family + "x", 5) == family);
    BOOST_TEST(text::cleaned_text(family + "x", 4) == "");
    BOOST_TEST(text::cleaned_text("a" + family, 5) == "a");
}

BOOST_AUTO_TEST_SUITE_END()
