#include "base/encoding.h"

#include <boost/test/unit_test.hpp>

#include "data.h"

BOOST_AUTO_TEST_SUITE(encoding)

using namespace csauth;

BOOST_AUTO_TEST_CASE(base64_has_the_vectors_of_rfc_4648) {
    const struct {
        const char *plain, *padded;
    } cases[] = {{"", ""},
                 {"f", "Zg=="},
                 {"fo", "Zm8="},
                 {"foo", "Zm9v"},
                 {"foob", "Zm9vYg=="},
                 {"fooba", "Zm9vYmE="},
                 {"foobar", "Zm9vYmFy"}};
    for (const auto& c : cases) {
        BOOST_TEST(base64(c.plain) == c.padded);
        BOOST_TEST(decode_base64(c.padded).value() == c.plain);
    }
    BOOST_TEST(base64url("\xfb\xff\xfe") == "-__-");
}

BOOST_AUTO_TEST_CASE(every_length_and_byte_survives_base64url) {
    std::string bytes;
    for (int i = 0; i < 300; ++i) {
        BOOST_TEST(decode_base64url(base64url(bytes)).value() == bytes);
        BOOST_TEST(decode_base64(base64(bytes)).value() == bytes);
        bytes += static_cast<char>(i * 37);
    }
    // A character of no alphabet is found at any place.
    const std::string good = base64url(bytes.substr(0, 32));
    for (std::size_t i = 0; i < good.size(); ++i)
        for (const char odd : {'+', '=', '.', '\0', '\x80', '\xff'}) {
            std::string bad = good;
            bad[i] = odd;
            BOOST_TEST(!decode_base64url(bad).has_value());
        }
}

BOOST_AUTO_TEST_CASE(text_is_utf8_where_nothing_of_it_need_be_replaced) {
    std::string long_text(40, 'a');
    for (const std::string& sequence :
         {std::string{"\xc3\xbc"}, std::string{"\xe2\x82\xac"}, std::string{"\xf0\x9f\x90\xa3"},
          std::string{"\xed\xa0\x80"}, std::string{"\xc0\xaf"}, std::string{"\xff"}, std::string{"\x80"},
          std::string{"\xe2\x82"}, std::string{"\xf5\x80\x80\x80"}, std::string{"\0", 1}})
        for (std::size_t at = 0; at < 20; ++at)
            for (const auto& text :
                 {long_text.substr(0, at) + sequence, long_text.substr(0, at) + sequence + long_text})
                BOOST_TEST(is_utf8(text) == (valid_utf8(text) == text), hex(as_bytes(text)));
    BOOST_TEST(is_utf8(""));
}

BOOST_AUTO_TEST_CASE(base64url_is_taken_in_its_canonical_form_only) {
    BOOST_TEST(decode_base64url("Zg").value() == "f");
    for (const char* bad : {"Zg==", "Zh", "Z", "Zg Zg", "Zm+v", "Zm/v", "Zm9v\n", "\xc3\xa4"})
        BOOST_TEST(!decode_base64url(bad).has_value(), bad);
}

BOOST_AUTO_TEST_CASE(utf8_is_cut_between_characters) {
    BOOST_TEST(utf8_prefix("a\xc3\xa4z", 2) == "a");
    BOOST_TEST(utf8_prefix("a\xc3\xa4z", 3) == "a\xc3\xa4");
    BOOST_TEST(utf8_prefix("abc", 9) == "abc");
    BOOST_TEST(utf8_prefix("\xf0\x9f\x90\xa3", 3) == "");
}

BOOST_AUTO_TEST_CASE(prefix_of_stray_continuations_is_not_empty) {
    const std::string stray(46, '\x80');
    BOOST_TEST(utf8_prefix(stray, 45).size() == 45U);
    BOOST_TEST(utf8_prefix(stray, 4).size() == 4U);
    BOOST_TEST(utf8_prefix("a" + stray, 4).size() == 4U);
    BOOST_TEST(utf8_prefix("ab\x80\x80\x80", 4) == "a");
}

std::string unhex(std::string_view text) {
    std::string bytes;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == ' ') continue;
        bytes += static_cast<char>(std::stoi(std::string{text.substr(i++, 2)}, nullptr, 16));
    }
    return bytes;
}

BOOST_AUTO_TEST_CASE(the_utf8_corpus_is_judged_as_it_says) {
    std::istringstream lines{tests::content(tests::data("utf8/utf8tests.txt"))};
    int valid = 0;
    int invalid = 0;
    for (std::string line; std::getline(lines, line);) {
        if (line.empty() || line[0] == '#') continue;
        const auto kind = line.substr(line.find(':') + 1);
        const auto rest = kind.substr(kind.find(':') + 1);
        if (kind.starts_with("valid hex")) {
            BOOST_TEST(valid_utf8(unhex(rest)) == unhex(rest), line);
            ++valid;
        } else if (kind.starts_with("invalid hex")) {
            const auto bytes = unhex(rest.substr(0, rest.find(':')));
            BOOST_TEST((valid_utf8(bytes) != bytes), line);
            BOOST_TEST(valid_utf8(valid_utf8(bytes)) == valid_utf8(bytes), line);
            ++invalid;
        }
    }
    BOOST_TEST(valid > 20);
    BOOST_TEST(invalid > 100);
}

BOOST_AUTO_TEST_CASE(a_json_string_never_ends_its_line) {
    const auto quoted = json_string(
        "a\"b\\c\nd\re\x01"
        "f\x7f\xe2\x80\xa8\xe2\x80\xa9\xff\xc3\xa4");
    BOOST_TEST(quoted == "\"a\\\"b\\\\c\\nd\\u000de\\u0001f\\u007f\\u2028\\u2029\xef\xbf\xbd\xc3\xa4\"");
}

BOOST_AUTO_TEST_CASE(text_helpers_do_what_they_say) {
    BOOST_TEST(trimmed(" \t a b \r\n") == "a b");
    BOOST_TEST(trimmed("  ") == "");
    BOOST_TEST(ascii_lower("AZ\xc3\x84[") == "az\xc3\x84[");
    BOOST_TEST(equals_ignoring_case("Bearer", "bEARER"));
    BOOST_TEST(!equals_ignoring_case("Bearer", "Beare"));
    BOOST_TEST(hex(as_bytes("\x01\xff")) == "01ff");
}

BOOST_AUTO_TEST_SUITE_END()
