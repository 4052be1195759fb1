#include "mail/message.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <random>

#include "base/encoding.h"
#include "base/timestamps.h"
#include "base/unique_fd.h"
#include "mail/smtp_client.h"
#include "mail/templates.h"

using namespace csauth;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(message)

mail::Message sample() {
    return {.from = "no-reply@example.com",
            .from_name = "CollabSphere",
            .to = "ann@example.com",
            .subject = "Hello",
            .text = "Dear Ann,\n\n.\nfrom caf\xc3\xa9 = 1 \nend",
            .html = "<p>Hi</p>\n",
            .message_id = "id-1@example.com",
            .date = *parse_sql_datetime("2026-11-23 08:00:00")};
}

BOOST_AUTO_TEST_CASE(a_message_has_the_headers_and_parts_that_belong_to_it) {
    BOOST_TEST(
        mail::render(sample()) ==
        "Date: Mon, 23 Nov 2026 08:00:00 +0000\r\n"
        "From: \"CollabSphere\"\r\n <no-reply@example.com>\r\n"
        "To: <ann@example.com>\r\n"
        "Subject: Hello\r\n"
        "Message-ID: <id-1@example.com>\r\n"
        "Auto-Submitted: auto-generated\r\n"
        "MIME-Version: 1.0\r\n"
        "Content-Type: multipart/alternative;\r\n boundary=\"=_69642d31406578616d706c652e636f6d\"\r\n\r\n"
        "--=_69642d31406578616d706c652e636f6d\r\n"
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        "Dear Ann,\r\n\r\n.\r\nfrom caf=C3=A9 =3D 1=20\r\nend\r\n"
        "--=_69642d31406578616d706c652e636f6d\r\n"
        "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        "<p>Hi</p>\r\n\r\n"
        "--=_69642d31406578616d706c652e636f6d--\r\n");
}

BOOST_AUTO_TEST_CASE(no_value_adds_a_header_a_recipient_or_a_part) {
    for (const char* evil : {"x\r\nBcc: eve@example.com", "x\nBcc: eve@example.com",
                             "x\rBcc: eve@example.com", "x\r\n\r\nbody", "=?UTF-8?B?eA==?="}) {
        auto message = sample();
        message.subject = evil;
        message.from_name = evil;
        const auto text = mail::render(message);
        BOOST_TEST(text.find("\r\nBcc:") == std::string::npos);
        BOOST_TEST(text.find("\r\n\r\nbody") == std::string::npos);
        BOOST_TEST(text.find("\nSubject: =?UTF-8?B?eA==?=") == std::string::npos);
    }
    for (const char* evil :
         {"ann@example.com>\r\nRCPT TO:<eve@example.com", "ann@example.com,eve@example.com", "ann", "",
          "a b@example.com", "<ann@example.com>"}) {
        auto message = sample();
        message.to = evil;
        BOOST_CHECK_THROW((void)mail::render(message), std::invalid_argument);
    }
}

BOOST_AUTO_TEST_CASE(header_text_is_encoded_and_folded) {
    BOOST_TEST(mail::encoded_header_text("plain") == "plain");
    BOOST_TEST(mail::encoded_header_text("Gr\xc3\xbc\xc3\x9f"
                                         "e") == "=?UTF-8?B?R3LDvMOfZQ==?=");
    std::string longer;
    for (int i = 0; i < 40; ++i)
        longer += "\xc3\xa4\xc3\xb6";
    const auto folded = mail::encoded_header_text(longer);
    std::string decoded;
    std::istringstream lines{folded};
    for (std::string line; std::getline(lines, line);) {
        line = trimmed(line);
        BOOST_TEST(line.size() <= 75U);
        const auto word = decode_base64(line.substr(10, line.size() - 12));
        BOOST_TEST(valid_utf8(*word) == *word);
        decoded += *word;
    }
    BOOST_TEST(decoded == longer);
}

/// What a reader makes of a folded header value, and the length of its longest line.
struct Unfolded {
    std::string text;
    std::size_t longest = 0;
    bool is_ascii = true;
};
Unfolded unfolded(const std::string& value, std::size_t column) {
    Unfolded result;
    std::size_t start = 0;
    for (bool first = true; start <= value.size(); first = false) {
        const auto end = std::min(value.find("\r\n", start), value.size());
        const auto line = value.substr(start, end - start);
        result.longest = std::max(result.longest, line.size() + (first ? column : 0));
        BOOST_TEST((first || line.starts_with(' ')));
        const auto word = std::string{trimmed(line)};
        if (word.starts_with("=?UTF-8?B?") && word.ends_with("?=")) {
            BOOST_TEST(word.size() <= 75U);
            const auto decoded = decode_base64(word.substr(10, word.size() - 12));
            BOOST_REQUIRE(decoded);
            BOOST_TEST(is_utf8(*decoded));
            result.text += *decoded;
        } else {
            result.text += line;
        }
        start = end + 2;
    }
    for (const char c : value)
        result.is_ascii = result.is_ascii && static_cast<unsigned char>(c) < 0x80;
    return result;
}

BOOST_AUTO_TEST_CASE(encoded_header_ends_on_any_bytes) {
    // 46 bytes that continue a sequence which never began.
    const auto endless = unfolded(mail::encoded_header_text(std::string(46, '\x80')), 0);
    BOOST_TEST(endless.text.size() == 46U * 3);

    std::mt19937 random{20261127};  // the same bytes each time
    for (int round = 0; round < 3000; ++round) {
        std::string text(random() % 200, '\0');
        // Every second text is mostly of bytes from 0x80 on, where sequences begin, continue and break off.
        for (char& c : text)
            c = static_cast<char>(round % 2 == 0 ? random() % 256 : 0x80 + random() % 128);
        const std::size_t column = random() % 90;
        const auto value = mail::encoded_header_text(text, column);
        std::string expected = valid_utf8(text);
        for (char& c : expected)
            if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
        const auto read = unfolded(value, value.empty() || value.starts_with("\r\n") ? 0 : column);
        BOOST_REQUIRE(read.is_ascii);
        BOOST_REQUIRE_LE(read.longest, 76U);
        BOOST_REQUIRE_EQUAL(read.text, expected);
    }
}

BOOST_AUTO_TEST_CASE(header_line_is_full_at_76_characters) {
    const std::string most(76 - 9, 'x');
    BOOST_TEST(mail::encoded_header_text(most, 9) == most);
    const auto more = mail::encoded_header_text(most + "x", 9);
    BOOST_TEST(more.starts_with("=?UTF-8?B?"));
    const auto read = unfolded(more, 9);
    BOOST_TEST(read.longest <= 76U);
    BOOST_TEST(read.text == most + "x");
}

BOOST_AUTO_TEST_CASE(long_values_begin_on_a_line_of_their_own) {
    auto message = sample();
    message.from_name = std::string(60, '"');  // 122 characters in quotes
    message.to = std::string(64, 'a') + "@example.com";
    message.message_id = std::string(70, 'b') + "@example.com";
    const auto mail = mail::render(message);
    BOOST_TEST(mail.find("From: =?UTF-8?B?") != std::string::npos);
    BOOST_TEST(mail.find("To:\r\n <" + message.to + ">\r\n") != std::string::npos);
    BOOST_TEST(mail.find("Message-ID:\r\n <" + message.message_id + ">\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(quoted_printable_keeps_lines_short_and_ascii) {
    std::string all;
    for (int i = 0; i < 2000; ++i)
        all += static_cast<char>(i % 256);
    const auto encoded = mail::quoted_printable(all);
    std::size_t start = 0;
    while (start < encoded.size()) {
        const auto end = std::min(encoded.find("\r\n", start), encoded.size());
        BOOST_TEST(end - start <= 76U);
        for (std::size_t i = start; i < end; ++i)
            BOOST_REQUIRE(encoded[i] >= ' ' && encoded[i] < 0x7f);
        BOOST_TEST((end == start || encoded[end - 1] != ' '));
        start = end + 2;
    }
}

BOOST_AUTO_TEST_SUITE_END()
