#include "users/profile.h"

#include <boost/test/unit_test.hpp>

#include "devices/device.h"
#include "unit/domain/users/parsing.h"
#include "users/password.h"
#include "users/username.h"

using namespace csauth;
using namespace csauth::tests;

BOOST_AUTO_TEST_SUITE(profile)

BOOST_AUTO_TEST_CASE(texts_of_any_script_are_taken_up_to_their_length) {
    BOOST_CHECK(!complaint<users::FullName>(""));
    BOOST_CHECK(!complaint<users::FullName>(repeated("\xe5\xb1\xb1", 255)));
    BOOST_CHECK(complaint<users::FullName>(repeated("\xe5\xb1\xb1", 256)) == FieldCode::too_long);
    BOOST_CHECK(!complaint<users::Bio>(repeated("\xf0\x9f\x90\xa3", 500)));
    BOOST_CHECK(complaint<users::Bio>(repeated("\xf0\x9f\x90\xa3", 501)) == FieldCode::too_long);
    BOOST_CHECK(!complaint<users::Bio>("two\nlines"));
    // A family, held together by joiners, and Persian with a non-joiner.
    BOOST_CHECK(
        !complaint<users::FullName>("\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7 "
                                    "\xd9\x85\xdb\x8c\xe2\x80\x8c\xd8\xae\xd9\x88\xd8\xa7\xd9\x87\xd9\x85"));
}

BOOST_AUTO_TEST_CASE(ordinary_characters_are_never_refused) {
    using namespace std::string_view_literals;
    const struct {
        std::string_view given, name, bio;
    } cases[] = {
        {" Ann\t", "Ann", "Ann"},
        {"a\tb", "a b", "a b"},
        {"two\nlines", "two lines", "two\nlines"},
        {"two\r\nlines\rand\xe2\x80\xa8three\r\n", "two lines and three", "two\nlines\nand\nthree"},
        {"new \xf0\x9f\xab\xaa", "new \xf0\x9f\xab\xaa", "new \xf0\x9f\xab\xaa"},     // since Unicode 16
        {"\xd7\x90\xe2\x80\x8f!", "\xd7\x90\xe2\x80\x8f!", "\xd7\x90\xe2\x80\x8f!"},  // right-to-left mark
        {"\xef\xa3\xbf", "\xef\xa3\xbf", "\xef\xa3\xbf"},  // private use: Apple's logo
        {"a\xe2\x80\x8b\xef\xbb\xbf\xc2\xad"
         "b",
         "ab", "ab"},  // zero width space, byte order mark, soft hyphen
        {"\xe2\x81\xa8"
         "Ann\xe2\x81\xa9",
         "Ann", "Ann"},  // isolates, as address books put them around names
        {"a\xe2\x80\xae"
         "b",
         "ab", "ab"},              // right-to-left override
        {"\xe3\x85\xa4", "", ""},  // Hangul filler
        {"\xe2\x9d\xa4\xef\xb8\x8f", "\xe2\x9d\xa4\xef\xb8\x8f", "\xe2\x9d\xa4\xef\xb8\x8f"},  // red heart
        // The flag of Scotland; tags without a flag, and a flag without its end.
        {"\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
         "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
         "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"},
        {"a\U000e0067\U000e007f", "a", "a"},
        {"\U0001f3f4\U000e0067\U000e0062", "\U0001f3f4", "\U0001f3f4"},
    };
    for (const auto& c : cases) {
        const auto name = users::FullName::parse(c.given);
        BOOST_REQUIRE_MESSAGE(name, c.given);
        BOOST_TEST(name->text == c.name);
        const auto bio = users::Bio::parse(c.given);
        BOOST_REQUIRE_MESSAGE(bio, c.given);
        BOOST_TEST(bio->text == c.bio);
    }
}

BOOST_AUTO_TEST_CASE(control_characters_are_refused) {
    using namespace std::string_view_literals;
    for (const auto bad :
         {"a\0b"sv, "a\x1b[2J"sv, "\x7f"sv, "\xc2\x9b"sv, "\xff"sv, "a\xef\xbf\xbf"sv, "\xef\xb7\x90"sv}) {
        BOOST_CHECK_MESSAGE(complaint<users::Bio>(bad) == FieldCode::invalid, bad);
        BOOST_CHECK_MESSAGE(complaint<users::FullName>(bad) == FieldCode::invalid, bad);
    }
}

BOOST_AUTO_TEST_CASE(the_preferred_language_is_the_one_of_ours_that_weighs_most) {
    const struct {
        const char *header, *language;
    } cases[] = {{"de-AT, en;q=0.5", "de"},
                 {"fr", "fr"},
                 {"", "en"},
                 {"*", "en"},
                 {"EN-us", "en"},
                 {"sw;q=0.9", "sw"},
                 {"../../etc", "en"},
                 {"x", "en"},
                 {"englishman", "en"},
                 {"ja, de;q=0.3, es;q=0.8, fr;q=0.801", "fr"},
                 {"ja", "en"},
                 {"es;q=0, de;q=0.1", "de"},
                 {"pt-BR,pt;q=0.9,en;q=0.8", "pt"},
                 {"de;q=x, fr;q=0.001", "fr"},
                 {",,;;,de", "de"}};
    for (const auto& c : cases)
        BOOST_TEST(users::preferred_language(c.header) == c.language, c.header);
}

BOOST_AUTO_TEST_CASE(a_language_is_one_that_mails_are_written_in) {
    for (const auto tag : users::kLanguages)
        BOOST_TEST(users::Language::parse(tag)->tag == tag);
    for (const char* given : {"DE-at", "de_AT", " de\n", "de_DE.UTF-8"})
        BOOST_TEST(users::Language::parse(given)->tag == "de", given);
    for (const char* bad : {"", "ja", "english", "../en"})
        BOOST_TEST(!users::Language::parse(bad), bad);
}

BOOST_AUTO_TEST_SUITE_END()
