// Passwords that are a word with decoration: common ones, words of the site, seasons, the account's own.
#include <array>
#include <boost/test/unit_test.hpp>
#include <optional>

#include "users/context_words.h"
#include "users/password.h"
#include "users/password_core.h"
#include "users/word_lists.h"

using namespace csauth;

namespace {

struct Case {
    const char* password;
    std::optional<FieldCode> refused_with;
};

std::optional<FieldCode> refusal(std::string_view password) {
    const auto parsed = users::NewPassword::parse(password);
    return parsed ? std::nullopt : std::optional{parsed.error().code};
}

const users::ContextWords kContext{"Example Wiki", "https://auth.localhost.example.com:8443/path"};

}  // namespace

BOOST_AUTO_TEST_SUITE(password_words)

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

BOOST_AUTO_TEST_CASE(word_of_the_site_is_no_password) {
    const struct {
        const char* password;
        bool is_refused;
    } cases[] = {
        {"collabsphere", true},
        {"CollabSphere2026", true},
        {"c0ll@bsph3re!", true},
        {"!!collab-sphere", true},
        {"collabspherecollabsphere", true},
        {"collabsphere12345678", true},
        {"localhost1", true},
        {"L0calh0st!", true},
        {"ExampleWiki", true},
        {"example.com1", true},
        {"auth.localhost", true},
        {"1wik1-2026", true},
        // As many that contain such a word, or a part of one, among others.
        {"collabsphere is my desk", false},
        {"my collabsphere", false},
        {"collabsphere84#019z", false},
        {"collabspheres", false},
        {"collapsing spheres", false},
        {"localhosting1", false},
        {"localhost and elsewhere", false},
        {"for example: a goose", false},
        {"examplesque", false},
        {"authentic goose", false},
        {"commander9", false},
        {"https8443", false},
    };
    for (const auto& c : cases)
        BOOST_CHECK_MESSAGE(kContext.make_up(c.password) == c.is_refused, c.password);
}

BOOST_AUTO_TEST_CASE(configuration_without_words_refuses_the_product_alone) {
    for (const users::ContextWords& context :
         {users::ContextWords{"", ""}, users::ContextWords{"  -- ", "http://[::1]:80/"},
          users::ContextWords{"X", "https://192.0.2.1"}}) {
        BOOST_TEST(context.make_up("collabsphere1"));
        BOOST_TEST(!context.make_up("correct horse"));
        BOOST_TEST(!context.make_up("12345678"));
        BOOST_TEST(!context.make_up(""));
    }
}

BOOST_AUTO_TEST_CASE(site_in_another_script_is_a_word_too) {
    const users::ContextWords context{"\xd0\x92\xd0\xb8\xd0\xba\xd0\xb8",
                                      "https://b\xc3\xbc"
                                      "cher.example"};
    BOOST_TEST(context.make_up("\xd0\x92\xd0\x98\xd0\x9a\xd0\x98-2026"));
    BOOST_TEST(
        context.make_up("B\xc3\xbc"
                        "cher!1"));
    BOOST_TEST(
        !context.make_up("b\xc3\xbc"
                         "cherwurm"));
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

BOOST_AUTO_TEST_CASE(long_decoration_costs_a_bounded_number_of_cores) {
    const std::string longest(users::kLongestPassword / 2 - 1, '1');
    BOOST_TEST(users::password_cores(longest + "ab" + longest).size() <= 50U);
    BOOST_TEST(users::password_cores("1234567890").empty());
    BOOST_TEST(users::password_cores("\xff").empty());
}

BOOST_AUTO_TEST_SUITE_END()
