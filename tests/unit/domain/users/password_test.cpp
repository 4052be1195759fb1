#include "users/password.h"

#include <array>
#include <boost/test/unit_test.hpp>

#include "devices/device.h"
#include "text/unicode.h"
#include "unit/domain/users/parsing.h"
#include "users/profile.h"
#include "users/username.h"
#include "users/word_lists.h"

using namespace csauth;
using namespace csauth::tests;

namespace {

struct Case {
    const char* password;
    std::optional<FieldCode> refused_with;
};

std::optional<FieldCode> refusal(std::string_view password) {
    const auto parsed = users::NewPassword::parse(password);
    return parsed ? std::nullopt : std::optional{parsed.error().code};
}

}  // namespace

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

BOOST_AUTO_TEST_CASE(decorated_common_password_is_refused) {
    constexpr auto common = FieldCode::common_password;
    constexpr auto predictable = FieldCode::predictable_password;
    const Case cases[] = {
        {"Passw0rd!", common},
        {"P@ssw0rd2026", common},
        {"pa$$word99", common},
        {"!!Baseball77", common},
        {"b4seb4ll#1", common},
        {"PASSWORD_12345678", common},
        {"Summer2026!", predictable},
        {"W1nter2025", predictable},
        {"!Juillet26", predictable},
        {"M\xc3\xa4rz2026!", predictable},
        {"Adm1n!!2026", predictable},
        {"Qwerty#2026", predictable},
        {"27.11.2026", predictable},
        {"2026-11-27", predictable},
        {"11/27/2026", predictable},
        {"20251126", predictable},
        {"2025_2026", predictable},
        {"27-11-26", predictable},
        // As many that only look like those.
        {"passworthy goose", std::nullopt},
        {"my password is a goose", std::nullopt},
        {"baseballs and bats", std::nullopt},
        {"baseball84#Tq!92z", std::nullopt},
        {"password#83k20!77", std::nullopt},
        {"Summer2026!Lake", std::nullopt},
        {"summer of seventy-six", std::nullopt},
        {"winterreise", std::nullopt},
        {"mayfly-rudder", std::nullopt},
        {"admiralty41", std::nullopt},
        {"summer84019275", std::nullopt},
        {"x7Q-z!ab", std::nullopt},
        {"48.15.16.23.42", std::nullopt},
        {"90817264", std::nullopt},
        {"9081-7264-5537", std::nullopt},
        {"securepass123", std::nullopt},
        {"seventeen purple boats", std::nullopt},
        {"\xe6\xad\xa3\xe7\xa2\xba\xe9\xa6\xac\xe9\x9b\xbb\xe6\xb1\xa0\xe6\xb0\xb4\xe5\xb1\xb1\xe5\xb7\x9d",
         std::nullopt},
    };
    for (const auto& c : cases)
        BOOST_CHECK_MESSAGE(refusal(c.password) == c.refused_with, c.password);
}

BOOST_AUTO_TEST_CASE(substituted_part_of_the_account_resembles_it) {
    const std::array<std::string_view, 3> account{"annie_example", "ann.hathaway@stratford.example",
                                                  "Ann Shakespeare"};
    for (const char* like : {"4nn1e!2026", "h@thaway#1", "5hake5peare", "str4tf0rd99"})
        BOOST_TEST(users::resembles_account(like, account), like);
    for (const char* other :
         {"hathaway and the seven seas", "shake5 and fries", "4nnexed!26", "str4tosphere"})
        BOOST_TEST(!users::resembles_account(other, account), other);
}

BOOST_AUTO_TEST_SUITE_END()
