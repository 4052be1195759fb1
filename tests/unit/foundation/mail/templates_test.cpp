#include "mail/templates.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <filesystem>
#include <random>

#include "data.h"
#include "mail/message.h"
#include "mail/smtp_client.h"

using namespace csauth;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(templates)

const std::vector<std::string_view> kNames{"hello"};

struct Fixture {
    tests::TemporaryDirectory directory;
    Fixture() {
        directory.write("layout.txt", "{{content}}\n-- \nus\n");
        directory.write("layout.html", "<html lang=\"{{language}}\">\n{{content}}</html>\n");
        directory.write("en/hello.txt",
                        "Subject: Hello {{name}}\n\nDear {{name}} & co\n\n{{link}}\n\n{{code}}\n");
        directory.write("de/hello.txt", "Subject: Hallo {{name}}\n\nLiebe {{name}}\n");
    }
};

BOOST_FIXTURE_TEST_CASE(values_are_put_in_once_and_escaped_where_they_must_be, Fixture) {
    const mail::Templates templates{directory.path(), kNames};
    const auto mail = templates.render(
        "hello", "en", {{"name", "<b>{{name}}</b>&\"'"}, {"link", "https://x/#a=\"b"}, {"code", "AB-CD"}});
    BOOST_TEST(mail.subject == "Hello <b>{{name}}</b>&\"'");
    BOOST_TEST(mail.text == "Dear <b>{{name}}</b>&\"' & co\n\nhttps://x/#a=\"b\n\nAB-CD\n-- \nus\n");
    BOOST_TEST(
        mail.html ==
        "<html lang=\"en\">\n"
        "<p>Dear &lt;b&gt;{{name}}&lt;/b&gt;&amp;&quot;&#39; &amp; co</p>\n"
        "<p style=\"overflow-wrap: anywhere; word-break: break-word\"><a href=\"https://x/#a=&quot;b\">"
        "https://x/#a=&quot;b</a></p>\n"
        "<p style=\"font-size: 1.5em; letter-spacing: 0.1em\"><strong>AB-CD</strong></p>\n</html>\n");
}

BOOST_FIXTURE_TEST_CASE(a_language_without_the_text_falls_back_to_english, Fixture) {
    const mail::Templates templates{directory.path(), kNames};
    BOOST_TEST(templates.render("hello", "de", {{"name", "Ann"}}).subject == "Hallo Ann");
    BOOST_TEST(templates.render("hello", "sw", {{"name", "Ann"}, {"link", "x"}, {"code", "y"}}).subject ==
               "Hello Ann");
    BOOST_TEST(templates.languages_of("hello").size() == 2U);
    BOOST_CHECK_THROW((void)templates.render("hello", "de", {}), std::runtime_error);
}

BOOST_FIXTURE_TEST_CASE(label_makes_the_link_a_button_too, Fixture) {
    directory.write("en/hello.txt",
                    "Subject: Hello\nButton: Go <on>\n\nDear you, see {{code_url}}\n\n{{link}}\n");
    const auto mail = mail::Templates{directory.path(), kNames}.render(
        "hello", "en", {{"link", "https://x/#a=\"b"}, {"code_url", "https://x/code/?a=1&b=2"}});
    BOOST_TEST(mail.subject == "Hello");
    BOOST_TEST(mail.text == "Dear you, see https://x/code/?a=1&b=2\n\nhttps://x/#a=\"b\n-- \nus\n");
    BOOST_TEST(mail.html.find("font-weight: bold\">Go &lt;on&gt;</a></p>") != std::string::npos);
    BOOST_TEST(
        mail.html.find("see <a href=\"https://x/code/?a=1&amp;b=2\">https://x/code/?a=1&amp;b=2</a></p>") !=
        std::string::npos);
    for (const char* head :
         {"Subject: Hello\nBotton: Go", "Subject: Hello\nButton: Go\nMore: x", "Button: Go\nSubject: x"}) {
        directory.write("en/hello.txt", std::string{head} + "\n\n{{link}}\n");
        BOOST_CHECK_THROW((mail::Templates{directory.path(), kNames}), std::runtime_error);
    }
}

BOOST_FIXTURE_TEST_CASE(damaged_or_missing_templates_are_found_at_the_start, Fixture) {
    const std::vector<std::string_view> more{"hello", "bye"};
    BOOST_CHECK_THROW((mail::Templates{directory.path(), more}), std::runtime_error);
    BOOST_CHECK_THROW((mail::Templates{"/nowhere", kNames}), std::runtime_error);
    std::filesystem::remove(directory.path() / "layout.html");
    BOOST_CHECK_THROW((mail::Templates{directory.path(), kNames}), std::runtime_error);
    directory.write("layout.html", "no place for it");
    BOOST_CHECK_THROW((mail::Templates{directory.path(), kNames}), std::runtime_error);
    directory.write("layout.html", "{{content}}");
    BOOST_CHECK_NO_THROW((mail::Templates{directory.path(), kNames}));
    std::filesystem::remove(directory.path() / "de/hello.txt");
    directory.write("de/hello.txt", "No subject\n\nx");
    BOOST_CHECK_THROW((mail::Templates{directory.path(), kNames}), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
