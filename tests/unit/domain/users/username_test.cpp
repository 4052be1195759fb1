#include "users/username.h"

#include <boost/test/unit_test.hpp>

#include "devices/device.h"
#include "unit/domain/users/parsing.h"
#include "users/password.h"
#include "users/profile.h"

using namespace csauth;
using namespace csauth::tests;

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
