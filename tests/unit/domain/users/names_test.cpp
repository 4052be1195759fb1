#include <boost/test/unit_test.hpp>

#include <array>

#include "devices/device.h"
#include "text/unicode.h"
#include "users/password.h"
#include "users/profile.h"
#include "users/username.h"
#include "users/word_lists.h"

using namespace csauth;

namespace {

template <class T>
std::optional<FieldCode> complaint(std::string_view given) {
    const auto parsed = T::parse(given);
    return parsed ? std::nullopt : std::optional{parsed.error().code};
}

std::string repeated(std::string_view piece, std::size_t times) {
    std::string text;
    for (std::size_t i = 0; i < times; ++i)
        text += piece;
    return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(username)

BOOST_AUTO_TEST_CASE(names_of_many_scripts_are_taken) {
    for (const char* good :
         {"user123", "Ann", "j.r-r_t+x", "J\xc3\xbcrgen", "\xd0\xb0\xd0\xbd\xd0\xbd\xd0\xb0",
          "\xce\x86\xce\xbd\xce\xbd\xce\xb1", "\xe5\xb1\xb1\xe7\x94\xb0\xe5\xa4\xaa\xe9\x83\x8e",
          "\xe0\xa4\x85\xe0\xa4\xa8\xe0\xa5\x8d\xe0\xa4\xa8\xe0\xa4\xbe", "123abc"})
        BOOST_TEST(!complaint<users::Username>(good).has_value(), good);
}

BOOST_AUTO_TEST_CASE(every_length_holds_at_its_limit_and_not_one_past_it) {
    BOOST_CHECK(complaint<users::Username>("ab") == FieldCode::too_short);
    BOOST_CHECK(!complaint<users::Username>("abc"));
    BOOST_CHECK(!complaint<users::Username>(repeated("\xc3\xa4", 50)));
    BOOST_CHECK(complaint<users::Username>(repeated("\xc3\xa4", 51)) == FieldCode::too_long);
}

BOOST_AUTO_TEST_CASE(what_would_fool_a_reader_is_refused) {
    using namespace std::string_view_literals;
    for (const auto bad : {"an n"sv,
                           "ann@x"sv,
                           ".ann"sv,
                           "ann."sv,
                           "-ann"sv,
                           "an\nn"sv,
                           "a\0nn"sv,
                           "ann\0"sv,
                           "an\xe2\x80\x8bn"sv,
                           "an\xe2\x80\xaen"sv,
                           "an\xe2\x80\x8dn"sv,
                           "\xf0\x9f\x90\xa3\xf0\x9f\x90\xa3\xf0\x9f\x90\xa3"sv,
                           "<b>"sv,
                           "a/b"sv,
                           "\xe3\x85\xa4\xe3\x85\xa4\xe3\x85\xa4"sv,
                           "\xff\xff\xff"sv,
                           "ann\xe3\x85\xa4"sv,
                           "a\xe1\x85\x9fnn"sv,
                           "ann\xef\xbe\xa0"sv,  // Hangul fillers
                           "ann\xef\xb8\x8f"sv,
                           "an\xcd\x8fn"sv,           // variation selector, grapheme joiner
                           "g\xd0\xbe\xd0\xbegle"sv,  // Cyrillic o in a Latin word
                           "\xce\xb1nna"sv})          // Greek alpha before Latin letters
        BOOST_CHECK_MESSAGE(complaint<users::Username>(bad) == FieldCode::invalid, bad);
    BOOST_CHECK(complaint<users::Username>("admin") == FieldCode::reserved);
    BOOST_CHECK(complaint<users::Username>("ADMIN") == FieldCode::reserved);
    BOOST_CHECK(complaint<users::Username>("Postmaster") == FieldCode::reserved);
}

BOOST_AUTO_TEST_CASE(spellings_of_one_name_have_one_key) {
    BOOST_TEST(users::Username::parse("J\xc3\x9cRGEN")->key() == "j\xc3\xbcrgen");
    BOOST_TEST(users::Username::parse("Ju\xcc\x88rgen")->key() == "j\xc3\xbcrgen");
    BOOST_TEST(users::username_key("J\xc3\xbcrgen").value() == "j\xc3\xbcrgen");
    BOOST_TEST(users::Username::parse("Stra\xc3\x9f"
                                      "e")
                   ->key() == "strasse");
    for (const char* spelling : {" Ann ", "ann\r\n",
                                 "\xef\xbb\xbf"
                                 "ann",
                                 "\xe2\x80\x8b"
                                 "ann\xe2\x80\x8f",
                                 "\xef\xbd\x81nn"}) {
        BOOST_TEST(users::Username::parse(spelling)->key() == "ann", spelling);
        BOOST_TEST(users::username_key(spelling).value() == "ann", spelling);
    }
    BOOST_TEST(users::Username::parse(" \xef\xbd\x81nn ")->text() == "ann");  // full-width a
    BOOST_TEST(!users::username_key("").has_value());
    BOOST_TEST(!users::username_key(std::string(201, 'a')).has_value());
}

BOOST_AUTO_TEST_CASE(name_like_a_web_address_is_recognised) {
    const auto looks = [](const char* name) {
        return users::looks_like_web_address(*users::Username::parse(name));
    };
    for (const char* link : {"www.claim-prize", "www.claim-prize.com", "WWW.Example", "claim-prize.com",
                             "x.y.net", "EXAMPLE.ORG", "free.info", "a1.biz"})
        BOOST_TEST(looks(link), link);
    for (const char* honest : {"john.doe", "m.de", "node.js", "wwwolf", "www-fan", "dot.com.er", "anna.is",
                               "infomaniac", "x.company"})
        BOOST_TEST(!looks(honest), honest);
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE(password)

BOOST_AUTO_TEST_CASE(good_passwords_are_taken_without_rules_of_composition) {
    for (const char* good : {"securepass123", "correct horse battery staple", "aaaa bbbb cccc dddd",
                             "\xf0\x9f\x90\xa3 hatches at dawn", "na\xc3\xafve caf\xc3\xa9", "        x7Q-z"})
        BOOST_TEST(!complaint<users::NewPassword>(good).has_value(), good);
}

BOOST_AUTO_TEST_CASE(every_length_holds_at_its_limit_and_not_one_past_it) {
    BOOST_CHECK(complaint<users::NewPassword>("x7Q-z!a") == FieldCode::too_short);
    BOOST_CHECK(!complaint<users::NewPassword>("x7Q-z!ab"));
    const std::string uneven = repeated("x7Q-z!abX9k \xc3\xa4wR_0", 8);  // 17 characters
    const auto first = [&](std::size_t count) {
        return text::utf8(text::code_points(uneven)->substr(0, count));
    };
    BOOST_CHECK(!complaint<users::NewPassword>(first(128)));
    BOOST_CHECK(complaint<users::NewPassword>(first(129)) == FieldCode::too_long);
    BOOST_CHECK(!complaint<users::Password>(std::string(1024, 'x')));
    BOOST_CHECK(complaint<users::Password>(std::string(1025, 'x')) == FieldCode::too_long);
    BOOST_CHECK(complaint<users::Password>("") == FieldCode::too_short);
}

BOOST_AUTO_TEST_CASE(a_password_is_compared_in_one_normal_form_and_not_changed_otherwise) {
    BOOST_TEST(users::Password::parse("cafe\xcc\x81")->reveal() == "caf\xc3\xa9");
    BOOST_TEST(users::Password::parse(" A b ")->reveal() == " A b ");
    BOOST_TEST(users::Password::parse("\xef\xac\x81")->reveal() == "\xef\xac\x81");  // the ligature stays
}

BOOST_AUTO_TEST_CASE(common_and_predictable_passwords_are_refused) {
    for (const char* common :
         {"password1", "PASSWORD1", "qwertyuiop", "iloveyou", "!qaz1qaz", "zzzzzzzzz", "letmein1"})
        BOOST_CHECK_MESSAGE(complaint<users::NewPassword>(common) == FieldCode::common_password, common);
    for (const char* guessable : {"aabbaabbaabbc", "mnopqrstuvw", "zyxwvutsrqpon", "xyzwxyzwxyzw",
                                  "\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xb6\xc3\xbc"})
        BOOST_CHECK_MESSAGE(complaint<users::NewPassword>(guessable) == FieldCode::predictable_password,
                            guessable);
}

BOOST_AUTO_TEST_CASE(password_may_have_any_character_that_can_be_typed_or_pasted) {
    using namespace std::string_view_literals;
    for (const auto odd :
         {"with\ta tab in it"sv, "two\nlines of it"sv, "two\r\nlines of it"sv, "zero\xe2\x80\x8bwidth"sv,
          "right \xe2\x80\x8f to left"sv, "unassigned \xcd\xb8 xx"sv, "newest emoji \xf0\x9f\xab\xaa"sv,
          "private \xef\xa3\xbf apple"sv}) {
        const auto parsed = users::NewPassword::parse(odd);
        BOOST_REQUIRE_MESSAGE(parsed, odd);
        BOOST_TEST(parsed->reveal() == odd);
    }
    for (const auto bad :
         {"with a \0 in it"sv, "with\x1b[2J escape"sv, "with \x7f delete"sv, "with \xc2\x9b control"sv})
        BOOST_CHECK_MESSAGE(complaint<users::NewPassword>(bad) == FieldCode::invalid, bad);
}

BOOST_AUTO_TEST_CASE(every_line_of_the_list_is_found_and_its_neighbours_are_not) {
    BOOST_TEST(users::is_common_password("!qaz1qaz"));    // the first line
    BOOST_TEST(users::is_common_password("zzzzzzzzzz"));  // the last one
    BOOST_TEST(!users::is_common_password(""));
    BOOST_TEST(!users::is_common_password("!qaz1qa"));
    BOOST_TEST(!users::is_common_password("securepass123"));
    BOOST_TEST(users::is_reserved_name("0"));
    BOOST_TEST(!users::is_reserved_name("zz"));
}

BOOST_AUTO_TEST_CASE(a_password_that_resembles_the_account_is_found) {
    const auto resembles = [](std::string_view password) {
        const std::array<std::string_view, 3> identifiers{"annie_example", "ann.hathaway@stratford.example",
                                                          "Ann Shakespeare"};
        return users::resembles_account(password, identifiers);
    };
    BOOST_TEST(resembles("annie_example"));
    BOOST_TEST(resembles("Annie_Example1"));
    BOOST_TEST(resembles("hathaway12"));
    BOOST_TEST(resembles("Stratford!"));
    BOOST_TEST(resembles("sHAKESpeare16"));
    BOOST_TEST(!resembles("hathaway and the seven seas"));
    BOOST_TEST(!resembles("correct horse"));
    BOOST_TEST(!resembles("annexed!"));  // three letters in common are chance
}

BOOST_AUTO_TEST_SUITE_END()
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
BOOST_AUTO_TEST_SUITE(device)

BOOST_AUTO_TEST_CASE(what_a_client_says_of_its_device_is_looked_at) {
    BOOST_CHECK(!complaint<devices::PushToken>("fcm-token-123"));
    BOOST_CHECK(!complaint<devices::PushToken>(std::string(4096, 'x')));
    BOOST_CHECK(complaint<devices::PushToken>(std::string(4097, 'x')) == FieldCode::too_long);
    BOOST_CHECK(complaint<devices::PushToken>("") == FieldCode::too_short);
    BOOST_CHECK(complaint<devices::PushToken>("a b") == FieldCode::invalid);
    BOOST_CHECK(complaint<devices::PushToken>("\xc3\xa4") == FieldCode::invalid);
    BOOST_TEST(devices::PushToken::parse(" fcm-token-123\n")->text == "fcm-token-123");
    for (const char* type : {"ios", "android", "web", "desktop", "other", "iOS", " Android "})
        BOOST_CHECK_MESSAGE(!complaint<devices::DeviceTypeName>(type), type);
    for (const char* type : {"", "toaster", "i os"})
        BOOST_CHECK_MESSAGE(complaint<devices::DeviceTypeName>(type) == FieldCode::invalid, type);
}

BOOST_AUTO_TEST_CASE(device_name_is_cleaned_and_cut_and_never_refused) {
    using namespace std::string_view_literals;
    const struct {
        std::string given, kept;
    } cases[] = {{"", ""},
                 {" Ann's\tphone\r\n", "Ann's phone"},
                 {"\x1b[2Jphone\x7f", "[2Jphone"},
                 {std::string{"a\0b"sv}, "ab"},
                 {"\xe2\x80\xaephone", "phone"},
                 {"\xff", ""},
                 {repeated("\xc3\xa4", 100), repeated("\xc3\xa4", 100)},
                 {repeated("\xc3\xa4", 101), repeated("\xc3\xa4", 100)},
                 {std::string(99, 'x') + " x", std::string(99, 'x')},
                 // A letter with its marks, and an emoji of several code points, stay whole.
                 {std::string(99, 'x') + "q\xcc\xa3\xcc\x88", std::string(99, 'x')},
                 {std::string(98, 'x') + "\U0001f469\u200d\U0001f680", std::string(98, 'x')},
                 {std::string(97, 'x') + "\U0001f469\u200d\U0001f680",
                  std::string(97, 'x') + "\U0001f469\u200d\U0001f680"}};
    for (const auto& c : cases)
        BOOST_TEST(devices::DeviceName::parse(c.given)->text == c.kept, c.given);
}

BOOST_AUTO_TEST_SUITE_END()
