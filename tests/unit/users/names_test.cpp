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
    for (const auto bad :
         {"an n"sv, "ann@x"sv, ".ann"sv, "ann."sv, "-ann"sv, "ann\n"sv, "a\0nn"sv, "an\xe2\x80\x8bn"sv,
          "an\xe2\x80\xaen"sv, "an\xe2\x80\x8dn"sv, "\xf0\x9f\x90\xa3\xf0\x9f\x90\xa3\xf0\x9f\x90\xa3"sv,
          "<b>"sv, "a/b"sv, "\xe3\x85\xa4\xe3\x85\xa4\xe3\x85\xa4"sv, "\xff\xff\xff"sv,
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
    for (const char* odd : {"with\tcontrol", "zero\xe2\x80\x8bwidth", "unassigned\xcd\xb8xx"})
        BOOST_CHECK_MESSAGE(complaint<users::NewPassword>(odd) == FieldCode::invalid, odd);
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
    BOOST_CHECK(complaint<users::FullName>("two\nlines") == FieldCode::invalid);
    // A family, held together by joiners, and Persian with a non-joiner.
    BOOST_CHECK(
        !complaint<users::FullName>("\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7 "
                                    "\xd9\x85\xdb\x8c\xe2\x80\x8c\xd8\xae\xd9\x88\xd8\xa7\xd9\x87\xd9\x85"));
}

BOOST_AUTO_TEST_CASE(controls_and_tricks_of_direction_are_refused) {
    using namespace std::string_view_literals;
    for (const auto bad : {"a\0b"sv, "a\x1b[2J"sv,
                           "a\xe2\x80\xae"
                           "b"sv,
                           "a\xe2\x81\xa6"
                           "b"sv,
                           "a\xef\xbb\xbf"sv, "a\xe2\x80\x8b"sv,
                           "a\xe2\x80\xa8"
                           "b"sv,
                           "a\xee\x80\x80"sv, "\xff"sv, "a\rb"sv, "a\xef\xbf\xbf"sv})
        BOOST_CHECK_MESSAGE(complaint<users::Bio>(bad) == FieldCode::invalid, bad);
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
    BOOST_TEST(users::Language::parse("DE-at")->tag == "de");
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
    for (const char* type : {"ios", "android", "web", "desktop", "other"})
        BOOST_CHECK_MESSAGE(!complaint<devices::DeviceTypeName>(type), type);
    BOOST_CHECK(complaint<devices::DeviceTypeName>("IOS") == FieldCode::invalid);
    BOOST_CHECK(!complaint<devices::DeviceName>(repeated("\xc3\xa4", 100)));
    BOOST_CHECK(complaint<devices::DeviceName>(repeated("\xc3\xa4", 101)) == FieldCode::too_long);
}

BOOST_AUTO_TEST_SUITE_END()
