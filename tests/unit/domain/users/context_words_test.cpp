#include "users/context_words.h"

#include <boost/test/unit_test.hpp>

using namespace csauth;

namespace {

const users::ContextWords kContext{"Example Wiki", "https://auth.localhost.example.com:8443/path"};

}  // namespace

BOOST_AUTO_TEST_SUITE(context_words)

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

BOOST_AUTO_TEST_SUITE_END()
