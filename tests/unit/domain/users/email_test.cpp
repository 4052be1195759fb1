#include "users/email.h"

#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <boost/test/unit_test.hpp>

#include "base/encoding.h"
#include "data.h"

BOOST_AUTO_TEST_SUITE(email)

using namespace csauth;
using users::Email;

/// The corpus writes control characters as U+2400 and what follows.
std::string with_controls(std::string text) {
    for (std::size_t at = 0; (at = text.find("\xe2\x90", at)) != std::string::npos; ++at) {
        const auto low = static_cast<unsigned char>(text[at + 2]);
        if (low <= 0xa0) text.replace(at, 3, 1, static_cast<char>(low - 0x80));
    }
    return text;
}

BOOST_AUTO_TEST_CASE(of_the_isemail_corpus_plain_addresses_at_domain_names_are_taken_and_no_others) {
    boost::property_tree::ptree tree;
    boost::property_tree::read_xml(tests::data("isemail/tests.xml").string(), tree);
    int taken = 0;
    int refused = 0;
    for (const auto& [name, test] : tree.get_child("tests")) {
        if (name != "test") continue;
        const auto address = with_controls(test.get<std::string>("address", ""));
        const auto category = test.get<std::string>("category");
        const bool plain = category == "ISEMAIL_VALID_CATEGORY" || category == "ISEMAIL_DNSWARN";
        // An address without a dot in its domain, or with a top level domain of digits, passes there.
        // White space around an address is ignored, and tested below.
        if (trimmed(address) != address) continue;
        const auto domain = address.substr(address.rfind('@') + 1);
        const bool expected = plain && domain.find('.') != std::string::npos;
        const auto parsed = Email::parse(address);
        BOOST_TEST(static_cast<bool>(parsed) == expected, test.get<std::string>("<xmlattr>.id")
                                                              << " " << category << " " << address);
        ++(parsed ? taken : refused);
    }
    BOOST_TEST(taken > 10);
    BOOST_TEST(refused > 110);
}

BOOST_AUTO_TEST_CASE(spellings_of_one_mailbox_have_one_key) {
    const struct {
        const char *given, *text, *key;
    } cases[] = {{"ann@example.com", "ann@example.com", "ann@example.com"},
                 {"Ann@EXAMPLE.Com", "Ann@example.com", "ann@example.com"},
                 {"user+tag@example.com", "user+tag@example.com", "user+tag@example.com"},
                 {"J\xc3\xbcrgen@b\xc3\xbc"
                  "cher.example",
                  "J\xc3\xbcrgen@b\xc3\xbc"
                  "cher.example",
                  "j\xc3\xbcrgen@xn--bcher-kva.example"},
                 {"Ju\xcc\x88rgen@xn--bcher-kva.example",
                  "J\xc3\xbcrgen@b\xc3\xbc"
                  "cher.example",
                  "j\xc3\xbcrgen@xn--bcher-kva.example"},
                 {"u\xc5\xbf"
                  "er@example.com",
                  "user@example.com", "user@example.com"},
                 {" ann@example.com\r\n", "ann@example.com", "ann@example.com"},
                 {"\xef\xbb\xbf"
                  "ann@example.com\xe2\x80\x8b",
                  "ann@example.com", "ann@example.com"},
                 {"ann@exam\xe2\x80\x8bple.com", "ann@example.com", "ann@example.com"},
                 {"\xef\xbd\x81nn\xef\xbc\xa0"
                  "example\xef\xbc\x8e"
                  "com",  // full-width a, @ and .
                  "ann@example.com", "ann@example.com"}};
    for (const auto& c : cases) {
        const auto email = Email::parse(c.given);
        BOOST_REQUIRE_MESSAGE(email, c.given);
        BOOST_TEST(email->text() == c.text);
        BOOST_TEST(email->key() == c.key);
    }
    BOOST_TEST(Email::parse("Ann@b\xc3\xbc"
                            "cher.Example")
                   ->for_smtp() == "Ann@xn--bcher-kva.example");
}

BOOST_AUTO_TEST_CASE(every_length_holds_at_its_limit_and_not_one_past_it) {
    const std::string local64(64, 'a');
    BOOST_TEST(!!Email::parse(local64 + "@example.com"));
    BOOST_TEST(!Email::parse(local64 + "a@example.com"));
    const std::string label63(63, 'b');
    BOOST_TEST(!!Email::parse("a@" + label63 + ".com"));
    BOOST_TEST(!Email::parse("a@" + label63 + "b.com"));
    // 64 + 1 + 189 = 254
    const std::string domain189 = label63 + "." + label63 + "." + std::string(57, 'c') + ".com";
    BOOST_TEST((local64 + "@" + domain189).size() == 254U);
    BOOST_TEST(!!Email::parse(local64 + "@" + domain189));
    const auto longer = Email::parse(local64 + "@c" + domain189);
    BOOST_REQUIRE(!longer);
    BOOST_CHECK(longer.error().code == FieldCode::too_long);
    // The form that is stored is one that parse() takes: 40 letters of 3 bytes are 45 bytes as an A-label.
    std::string days;
    for (int i = 0; i < 40; ++i)
        days += "\xe6\x97\xa5";
    const auto label = Email::parse("a@" + days + ".com")->key().substr(2);
    const auto ascii = label.substr(0, label.find('.'));
    const auto shown = Email::parse("a@" + ascii + '.' + ascii + '.' + ascii + ".com");
    BOOST_REQUIRE(shown);
    BOOST_TEST(shown->text().size() <= users::kLongestEmail);
    BOOST_TEST(Email::parse(shown->text())->key() == shown->key());
    const std::string spaces(users::kLongestEmailGiven - 15, ' ');
    BOOST_TEST(!!Email::parse(spaces + "ann@example.com"));
    const auto too_many = Email::parse(spaces + " ann@example.com");
    BOOST_REQUIRE(!too_many);
    BOOST_CHECK(too_many.error().code == FieldCode::too_long);
}

BOOST_AUTO_TEST_CASE(what_could_be_two_addresses_or_a_header_is_refused) {
    using namespace std::string_view_literals;
    for (const auto bad : {""sv,
                           "@"sv,
                           "ann"sv,
                           "ann@"sv,
                           "@example.com"sv,
                           "ann@localhost"sv,
                           "ann@@example.com"sv,
                           "ann@example.com,bob@example.com"sv,
                           "ann@example.com\r\nBcc: bob@example.com"sv,
                           "a\0nn@example.com"sv,
                           "ann@example.com\0"sv,
                           "ann @example.com"sv,
                           "ann@ example.com"sv,
                           "ann\xe3\x85\xa4@example.com"sv,  // Hangul filler: a letter that shows nothing
                           "ann\xef\xb8\x8f@example.com"sv,  // variation selector
                           "ann\xcd\x8f@example.com"sv,      // combining grapheme joiner
                           "\"ann\"@example.com"sv,
                           "ann@[127.0.0.1]"sv,
                           "ann@127.0.0.1"sv,
                           "ann@example..com"sv,
                           "ann@example.com."sv,
                           "ann@-example.com"sv,
                           "ann@exa_mple.com"sv,
                           "ann@example.c-"sv,
                           ".ann@example.com"sv,
                           "ann.@example.com"sv,
                           "a..nn@example.com"sv,
                           "Ann <ann@example.com>"sv,
                           "ann(x)@example.com"sv,
                           "an\xe2\x80\x8bn@example.com"sv,
                           "an\xe2\x80\xaen@example.com"sv,
                           "ann@exam\xe2\x80\x8bple.com\xff"sv,
                           "ann@xn--\x62.com-"sv,
                           "\xff@example.com"sv})
        BOOST_TEST(!Email::parse(bad), bad);
}

BOOST_AUTO_TEST_SUITE_END()
