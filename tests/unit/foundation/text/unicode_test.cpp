#include "text/unicode.h"

#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <string>

using namespace csauth;

namespace {

/// For messages: Boost does not print a char32_t.
std::uint32_t number_of(char32_t c) { return c; }

}  // namespace

BOOST_AUTO_TEST_SUITE(unicode)

BOOST_AUTO_TEST_CASE(each_form_folds_what_it_should_and_no_more) {
    BOOST_TEST(text::nfc("e\u0301").value() == "\u00e9");
    BOOST_TEST(text::nfc("\uff21\ufb01").value() == "\uff21\ufb01");
    BOOST_TEST(text::nfkc("\uff21\ufb01").value() == "Afi");
    BOOST_TEST(text::nfkc("A\u00ad").value() == "A\u00ad");
    BOOST_TEST(text::nfkc_casefold("\uff21\u00ad\u00df\u1e9e").value() == "assss");
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_utf8_have_no_form) {
    for (const auto* bad : {"\xff", "\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "a\x80"}) {
        BOOST_TEST(!text::nfc(bad).has_value());
        BOOST_TEST(!text::nfkc(bad).has_value());
        BOOST_TEST(!text::nfkc_casefold(bad).has_value());
        BOOST_TEST(!text::code_points(bad).has_value());
        BOOST_TEST(!text::identifier(bad).has_value());
    }
}

BOOST_AUTO_TEST_CASE(code_points_come_back_as_the_same_bytes) {
    for (const std::string text : {"", "a", "\u007f\u0080\u07ff\u0800\uffff", "\U00010000\U0010ffff"})
        BOOST_TEST(text::utf8(text::code_points(text).value()) == text);
    BOOST_TEST(text::code_points("\U0001f423x")->size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_code_point_is_of_one_kind) {
    const struct {
        char32_t c;
        bool letter, mark, number, space, control;
    } cases[] = {{U'a', true, false, false, false, false},      {U'\u0301', false, true, false, false, false},
                 {U'\u0665', false, false, true, false, false}, {U'\u3000', false, false, false, true, false},
                 {U'\x1b', false, false, false, false, true},   {U'\u4e2d', true, false, false, false, false},
                 {U'!', false, false, false, false, false}};
    for (const auto& c : cases) {
        BOOST_TEST(text::is_letter(c.c) == c.letter, number_of(c.c));
        BOOST_TEST(text::is_mark(c.c) == c.mark, number_of(c.c));
        BOOST_TEST(text::is_number(c.c) == c.number, number_of(c.c));
        BOOST_TEST(text::is_space(c.c) == c.space, number_of(c.c));
        BOOST_TEST(text::is_control(c.c) == c.control, number_of(c.c));
    }
}

BOOST_AUTO_TEST_CASE(noncharacters_end_each_plane_and_have_a_block) {
    for (const char32_t c : {0xfffeU, 0xffffU, 0x1fffeU, 0x10ffffU, 0xfdd0U, 0xfdefU})
        BOOST_TEST(text::is_noncharacter(c), number_of(c));
    for (const char32_t c : {0xfffdU, 0x10000U, 0x1fffdU, 0xfdcfU, 0xfdf0U, 0x41U})
        BOOST_TEST(!text::is_noncharacter(c), number_of(c));
}

BOOST_AUTO_TEST_CASE(identifier_loses_what_is_invisible_at_its_ends) {
    BOOST_TEST(text::identifier(" \u200b\ufeffann\u00ad\u3000\n").value() == "ann");
    BOOST_TEST(text::identifier("\uff41nn").value() == "ann");
    BOOST_TEST(text::identifier("an\u200bn").value() == "an\u200bn");  // for the caller to refuse
    BOOST_TEST(text::identifier(" \n").value().empty());
}

BOOST_AUTO_TEST_CASE(cut_leaves_whole_characters) {
    const std::u32string_view family = U"\U0001f468\u200d\U0001f469";
    BOOST_CHECK(text::first_characters(U"abc", 3) == U"abc");
    BOOST_CHECK(text::first_characters(U"abcd", 3) == U"abc");
    BOOST_CHECK(text::first_characters(U"abcd", 0).empty());
    BOOST_CHECK(text::first_characters(family, 3) == family);
    BOOST_CHECK(text::first_characters(family, 2).empty());
    BOOST_CHECK(text::first_characters(U"ae\u0301", 2) == U"a");  // no letter without its accent
}

BOOST_AUTO_TEST_CASE(scripts_with_lookalikes_do_not_mix) {
    for (const std::u32string_view mixed : {U"p\u0430ypal", U"\u0391nn", U"\u0430\u03b1", U"ab\u1f00"})
        BOOST_TEST(text::mixes_lookalike_scripts(mixed));
    for (const std::u32string_view pure : {U"", U"paypal", U"\u043f\u0430\u0440\u0430", U"\u03b1\u03b2",
                                           U"ann2026-\u00aa", U"\u4e2dann", U"\u0430\u0431 12"})
        BOOST_TEST(!text::mixes_lookalike_scripts(pure));
}

BOOST_AUTO_TEST_SUITE_END()
