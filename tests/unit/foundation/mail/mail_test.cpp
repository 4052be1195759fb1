#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <boost/test/unit_test.hpp>
#include <random>
#include <thread>

#include "base/encoding.h"
#include "base/timestamps.h"
#include "base/unique_fd.h"
#include "data.h"
#include "mail/message.h"
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
BOOST_AUTO_TEST_SUITE(smtp_client)

/// A mail server that follows a script: waits for a line that begins with `expects`, then says `answers`.
/// An empty `expects` speaks first; "HANG UP" closes the connection and waits for the next, "DRIP" never
/// gets done. At the end of its
/// script it closes the connection.
class ScriptedServer {
public:
    struct Step {
        std::string expects;
        std::string answers;
    };

    explicit ScriptedServer(std::vector<Step> script) : listener_{::socket(AF_INET, SOCK_STREAM, 0)} {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        BOOST_REQUIRE(::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), size) == 0);
        BOOST_REQUIRE(::listen(listener_.get(), 1) == 0);
        ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread{[this, script = std::move(script)] { serve(script); }};
    }
    ~ScriptedServer() {
        ::shutdown(listener_.get(), SHUT_RDWR);
        thread_.join();
    }

    unsigned port() const { return port_; }
    /// All that the client sent. Only once it has been told goodbye.
    std::string heard() {
        ::shutdown(listener_.get(), SHUT_RDWR);
        if (thread_.joinable()) thread_.join();
        thread_ = std::thread{[] {}};
        return heard_;
    }

private:
    void serve(const std::vector<Step>& script) {
        UniqueFd peer{::accept(listener_.get(), nullptr, nullptr)};
        if (!peer) return;
        std::string pending;
        for (const auto& step : script) {
            if (step.answers == "DRIP") {  // a byte now and then, until the client has had enough
                while (::send(peer.get(), "2", 1, MSG_NOSIGNAL) == 1)
                    std::this_thread::sleep_for(100ms);
                return;
            }
            if (step.answers == "HANG UP") {
                peer = UniqueFd{};
                peer = UniqueFd{::accept(listener_.get(), nullptr, nullptr)};
                if (!peer) return;
                pending.clear();
                continue;
            }
            while (!step.expects.empty()) {
                const auto end = pending.find("\r\n");
                if (end == std::string::npos) {
                    char bytes[4096];
                    const auto got = ::recv(peer.get(), bytes, sizeof bytes, 0);
                    if (got <= 0) return;
                    pending.append(bytes, static_cast<std::size_t>(got));
                    heard_.append(bytes, static_cast<std::size_t>(got));
                    continue;
                }
                const auto line = pending.substr(0, end);
                pending.erase(0, end + 2);
                if (line.starts_with(step.expects)) break;
            }
            if (!step.answers.empty())
                (void)!::send(peer.get(), step.answers.data(), step.answers.size(), MSG_NOSIGNAL);
        }
    }

    UniqueFd listener_;
    unsigned port_ = 0;
    std::thread thread_;
    std::string heard_;
};

using Step = ScriptedServer::Step;
const std::string kMail = "Subject: x\r\n\r\nhello\r\n.\r\n..dots\r\n";

std::vector<Step> until_data(const std::string& ehlo = "250 hi\r\n") {
    return {{"", "220 hello\r\n"},
            {"EHLO", ehlo},
            {"MAIL", "250 ok\r\n"},
            {"RCPT", "250 ok\r\n"},
            {"DATA", "354 go on\r\n"}};
}

std::vector<Step> with(std::vector<Step> script, std::initializer_list<Step> more) {
    script.insert(script.end(), more);
    return script;
}

std::vector<Step> first_steps(std::size_t count) {
    auto script = until_data();
    script.resize(count);
    return script;
}

mail::SmtpSettings settings(const ScriptedServer& server) {
    return {.host = "127.0.0.1",
            .port = server.port(),
            .tls = mail::TlsMode::none,
            .helo_name = "client.example",
            .timeout = 5s};
}

std::optional<mail::FailureKind> outcome(mail::SmtpClient& client,
                                         const std::string& to = "ann@example.com") {
    const auto result = client.deliver("no-reply@example.com", to, kMail);
    return result ? std::nullopt : std::optional{result.error().kind};
}

BOOST_AUTO_TEST_CASE(a_mail_is_delivered_with_crlf_and_doubled_dots) {
    ScriptedServer server{with(until_data("250-hi\r\n250-SIZE 1000000\r\n250 8BITMIME\r\n"),
                               {{".", "250 taken\r\n"}, {"QUIT", "221 bye\r\n"}})};
    mail::SmtpClient client{settings(server)};
    BOOST_CHECK(!outcome(client));
    client.quit();
    BOOST_TEST(server.heard() == "EHLO client.example\r\nMAIL FROM:<no-reply@example.com> SIZE=" +
                                     std::to_string(kMail.size()) +
                                     "\r\nRCPT TO:<ann@example.com>\r\nDATA\r\nSubject: "
                                     "x\r\n\r\nhello\r\n..\r\n...dots\r\n.\r\nQUIT\r\n");
}

BOOST_AUTO_TEST_CASE(several_mails_go_over_one_connection) {
    ScriptedServer server{with(until_data(), {{".", "250 taken\r\n"},
                                              {"MAIL", "250 ok\r\n"},
                                              {"RCPT", "550 nobody here\r\n"},
                                              {"RSET", "250 ok\r\n"},
                                              {"MAIL", "250 ok\r\n"},
                                              {"RCPT", "250 ok\r\n"},
                                              {"DATA", "354 go on\r\n"},
                                              {".", "250 taken\r\n"}})};
    mail::SmtpClient client{settings(server)};
    BOOST_CHECK(!outcome(client));
    BOOST_CHECK(outcome(client) == mail::FailureKind::refused);
    BOOST_CHECK(!outcome(client));
}

// RFC 2920: one write, and the replies in their order.
BOOST_AUTO_TEST_CASE(commands_go_out_together_where_the_server_takes_that) {
    const std::string ehlo = "250-hi\r\n250 PIPELINING\r\n";
    ScriptedServer server{{{"", "220 hello\r\n"},
                           {"EHLO", ehlo},
                           {"DATA", "250 ok\r\n250 ok\r\n354 go on\r\n"},
                           {".", "250 taken\r\n"},
                           {"DATA", "250 ok\r\n550 nobody here\r\n554 no recipients\r\n"},
                           // This one wants a message although it took no recipient.
                           {"DATA", "250 ok\r\n250 ok\r\n550 nobody\r\n354 go on\r\n"},
                           {".", "554 no recipients\r\n"},
                           {"DATA", "250 ok\r\n250 ok\r\n250 ok\r\n354 go on\r\n"},
                           {".", "250 taken\r\n"},
                           {"DATA", "451 later\r\n503 what\r\n503 what\r\n"},
                           {"QUIT", "221 bye\r\n"}}};
    mail::SmtpClient client{settings(server)};
    BOOST_CHECK(!outcome(client));
    BOOST_CHECK(outcome(client) == mail::FailureKind::refused);
    BOOST_CHECK(outcome(client) == mail::FailureKind::refused);
    BOOST_CHECK(!outcome(client));
    BOOST_CHECK(outcome(client) == mail::FailureKind::deferred);
    client.quit();
    const auto heard = server.heard();
    const std::string opening = "MAIL FROM:<no-reply@example.com>\r\nRCPT TO:<ann@example.com>\r\nDATA\r\n";
    BOOST_TEST(heard.starts_with("EHLO client.example\r\n" + opening + "Subject: x\r\n"));
    BOOST_TEST(heard.find("RSET\r\n" + opening + ".\r\nRSET\r\n" + opening + "Subject") != std::string::npos);
    BOOST_TEST(heard.ends_with(".\r\n" + opening + "QUIT\r\n"));
}

BOOST_AUTO_TEST_CASE(a_mail_does_not_pay_for_the_one_before) {
    ScriptedServer server{with(first_steps(3), {{"RCPT", "550 nobody here\r\n"},
                                                {"", "HANG UP"},
                                                {"", "220 hello\r\n"},
                                                {"EHLO", "250 hi\r\n"},
                                                {"MAIL", "250 ok\r\n"},
                                                {"RCPT", "250 ok\r\n"},
                                                {"DATA", "354 go on\r\n"},
                                                {".", "250 taken\r\n"}})};
    mail::SmtpClient client{settings(server)};
    BOOST_CHECK(outcome(client) == mail::FailureKind::refused);
    BOOST_CHECK(!outcome(client));
}

BOOST_AUTO_TEST_CASE(one_mails_address_is_not_the_relays_fault) {
    const auto ehlo = "250-hi\r\n250 SMTPUTF8\r\n";
    ScriptedServer server{{{"", "220 hi\r\n"}, {"EHLO", ehlo}, {"MAIL", "553 5.6.7 not here\r\n"}}};
    mail::SmtpClient client{settings(server)};
    BOOST_CHECK(outcome(client, "j\xc3\xbcrgen@example.com") == mail::FailureKind::refused);
    for (const char* reply : {"530 sign in\r\n", "535 no\r\n"}) {
        ScriptedServer strict{with(first_steps(3), {{"RCPT", reply}})};
        mail::SmtpClient other{settings(strict)};
        BOOST_CHECK(outcome(other) == mail::FailureKind::misconfigured);
    }
}

BOOST_AUTO_TEST_CASE(a_mail_that_is_larger_than_the_server_takes_is_not_offered) {
    for (const auto& [limit, taken] : {std::pair{"10", false}, {"0", true}, {"", true}, {"100000", true}}) {
        ScriptedServer server{
            with(until_data("250-hi\r\n250 SIZE " + std::string{limit} + "\r\n"), {{".", "250 taken\r\n"}})};
        mail::SmtpClient client{settings(server)};
        BOOST_CHECK(outcome(client) == (taken ? std::nullopt : std::optional{mail::FailureKind::refused}));
    }
}

BOOST_AUTO_TEST_CASE(a_connection_that_the_server_has_closed_is_made_again) {
    // The second mail meets 421 or a closed connection; the third finds nobody who listens.
    for (const char* farewell : {"421 enough\r\n", ""}) {
        ScriptedServer server{
            with(with(until_data(), {{".", "250 taken\r\n"}, {"MAIL", farewell}, {"", "HANG UP"}}),
                 {{"", "220 hello\r\n"},
                  {"EHLO", "250 hi\r\n"},
                  {"MAIL", "250 ok\r\n"},
                  {"RCPT", "250 ok\r\n"},
                  {"DATA", "354 go on\r\n"},
                  {".", "250 taken\r\n"},
                  {"", "HANG UP"}})};
        mail::SmtpClient client{settings(server)};
        BOOST_CHECK(!outcome(client));
        BOOST_CHECK(!outcome(client));
    }
}

BOOST_AUTO_TEST_CASE(no_content_ends_the_message_early) {
    BOOST_TEST(mail::dot_stuffed("a\n.\nb") == "a\r\n..\r\nb\r\n.\r\n");
    BOOST_TEST(mail::dot_stuffed("a\r.\rb") == "a\r\n..\r\nb\r\n.\r\n");
    BOOST_TEST(mail::dot_stuffed("a\r\n.\r\nMAIL FROM:<x>") == "a\r\n..\r\nMAIL FROM:<x>\r\n.\r\n");
    BOOST_TEST(mail::dot_stuffed(".") == "..\r\n.\r\n");
    BOOST_TEST(mail::dot_stuffed("") == ".\r\n");
}

BOOST_AUTO_TEST_CASE(each_way_to_fail_has_its_kind) {
    const auto after_greeting = [](Step step) {
        return std::vector<Step>{{"", "220 hi\r\n"}, std::move(step)};
    };
    const struct {
        const char* why;
        std::vector<Step> script;
        mail::FailureKind kind;
    } cases[] = {
        {"closed before the greeting", {}, mail::FailureKind::unreachable},
        {"not now", {{"", "421 busy\r\n"}}, mail::FailureKind::unreachable},
        {"no service", {{"", "554 no\r\n"}}, mail::FailureKind::unreachable},
        {"no SMTP", {{"", "HTTP/1.1 200 OK\r\n"}}, mail::FailureKind::unreachable},
        {"codes differ", {{"", "220-hi\r\n250 ho\r\n"}}, mail::FailureKind::unreachable},
        {"an endless reply",
         {{"",
           [] {
               std::string s;
               for (int i = 0; i < 200; ++i)
                   s += "220-x\r\n";
               return s;
           }()}},
         mail::FailureKind::unreachable},
        {"an endless line", {{"", "220 " + std::string(100'000, 'x')}}, mail::FailureKind::unreachable},
        {"no EHLO", after_greeting({"EHLO", "502 what\r\n"}), mail::FailureKind::misconfigured},
        {"sender deferred", with(first_steps(2), {{"MAIL", "451 later\r\n"}}), mail::FailureKind::deferred},
        {"not signed in", with(first_steps(2), {{"MAIL", "530 sign in first\r\n"}}),
         mail::FailureKind::misconfigured},
        {"too large", with(first_steps(2), {{"MAIL", "552 too large\r\n"}}), mail::FailureKind::refused},
        {"recipient refused", with(first_steps(3), {{"RCPT", "550-no\r\n550 such\r\n"}}),
         mail::FailureKind::refused},
        {"gone before the end", until_data(), mail::FailureKind::interrupted},
        {"refused at the end", with(until_data(), {{".", "554 spam\r\n"}}), mail::FailureKind::refused},
        {"deferred at the end", with(until_data(), {{".", "452 full\r\n"}}), mail::FailureKind::deferred},
    };
    for (const auto& c : cases)
        BOOST_TEST_CONTEXT(c.why) {
            ScriptedServer server{c.script};
            mail::SmtpClient client{settings(server)};
            BOOST_CHECK(outcome(client) == c.kind);
        }
}

// RFC 5321 section 4.1.1: a reply belongs to a command. One that is early would be taken for the next answer:
// a mail that the server then refuses would count as sent.
BOOST_AUTO_TEST_CASE(early_reply_is_never_taken_for_an_answer) {
    const auto whole = with(until_data(), {{".", "554 spam\r\n"}});
    for (std::size_t step = 0; step + 1 < whole.size(); ++step) {
        auto script = whole;
        script[step].answers += "250 early\r\n";
        ScriptedServer server{script};
        mail::SmtpClient client{settings(server)};
        const auto result = client.deliver("no-reply@example.com", "ann@example.com", kMail);
        BOOST_TEST_CONTEXT("early after step " << step) {
            BOOST_REQUIRE(!result);
            BOOST_CHECK(result.error().kind ==
                        (step < 1 ? mail::FailureKind::unreachable : mail::FailureKind::interrupted));
            BOOST_TEST(result.error().reason == "the server replied before it was asked");
            client.quit();
            BOOST_TEST(server.heard().find("Subject:") == std::string::npos);
        }
    }
}

BOOST_AUTO_TEST_CASE(early_reply_ends_a_pipelined_delivery) {
    const std::string ehlo = "250-hi\r\n250 PIPELINING\r\n";
    for (const char* replies : {"250 ok\r\n250 ok\r\n354 go on\r\n250 early\r\n",
                                "250 early\r\n250 ok\r\n250 ok\r\n354 go on\r\n"}) {
        ScriptedServer server{
            {{"", "220 hello\r\n"}, {"EHLO", ehlo}, {"DATA", replies}, {".", "554 spam\r\n"}}};
        mail::SmtpClient client{settings(server)};
        BOOST_CHECK(outcome(client) == mail::FailureKind::interrupted);
        BOOST_TEST(server.heard().find("Subject:") == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(early_reply_on_a_kept_connection_makes_a_new_one) {
    ScriptedServer server{with(until_data(), {{".", "250 taken\r\n250 early\r\n"},
                                              {"", "HANG UP"},
                                              {"", "220 hello\r\n"},
                                              {"EHLO", "250 hi\r\n"},
                                              {"MAIL", "250 ok\r\n"},
                                              {"RCPT", "250 ok\r\n"},
                                              {"DATA", "354 go on\r\n"},
                                              {".", "250 taken\r\n"}})};
    mail::SmtpClient client{settings(server)};
    BOOST_CHECK(!outcome(client));
    BOOST_CHECK(!outcome(client));
}

BOOST_AUTO_TEST_CASE(silent_relay_is_left_when_the_process_leaves) {
    ScriptedServer server{{{"EHLO", ""}}};
    auto patient = settings(server);
    patient.timeout = 24h;
    int questions = 0;
    patient.wants_to_leave = [&] { return ++questions > 2; };
    mail::SmtpClient client{std::move(patient)};
    BOOST_CHECK(outcome(client) == mail::FailureKind::unreachable);
    BOOST_TEST(questions > 2);
}

BOOST_AUTO_TEST_CASE(mail_under_way_is_finished_when_the_process_leaves) {
    ScriptedServer server{with(until_data(), {{".", "250 taken\r\n"},
                                              {"MAIL", "250 ok\r\n"},
                                              {"RCPT", "250 ok\r\n"},
                                              {"DATA", "354 go on\r\n"},
                                              {".", "250 taken\r\n"}})};
    bool leaves = false;
    auto leaving = settings(server);
    leaving.wants_to_leave = [&] { return leaves; };
    mail::SmtpClient client{std::move(leaving)};
    BOOST_CHECK(!outcome(client));
    leaves = true;  // on a connection that is made already, no step is given up
    BOOST_CHECK(!outcome(client));
}

// A connection that is lost at any step is a mail that is tried again; before the first word, one that was
// never tried.
BOOST_AUTO_TEST_CASE(a_connection_may_be_lost_at_every_step) {
    const auto whole = with(until_data(), {{".", "250 taken\r\n"}});
    for (std::size_t steps = 0; steps < whole.size(); ++steps) {
        auto script = whole;
        script.resize(steps);
        ScriptedServer server{script};
        mail::SmtpClient client{settings(server)};
        const auto kind = outcome(client);
        constexpr std::size_t greeted = 2;
        BOOST_TEST_CONTEXT(steps)
        BOOST_CHECK(kind ==
                    (steps < greeted ? mail::FailureKind::unreachable : mail::FailureKind::interrupted));
    }
}

BOOST_AUTO_TEST_CASE(a_server_that_drips_or_never_ends_is_given_up) {
    std::string endless = "250-hi\r\n";
    for (int i = 0; i < 200; ++i)
        endless += "250-X-EXTENSION-" + std::to_string(i) + "\r\n";
    ScriptedServer server{{{"", "220 hi\r\n"}, {"EHLO", endless}}};
    mail::SmtpClient client{settings(server)};
    BOOST_CHECK(outcome(client) == mail::FailureKind::unreachable);

    ScriptedServer dripping{{{"", "DRIP"}}};
    auto impatient = settings(dripping);
    impatient.timeout = 1s;
    mail::SmtpClient other{std::move(impatient)};
    BOOST_CHECK(outcome(other) == mail::FailureKind::unreachable);
}

BOOST_AUTO_TEST_CASE(a_silent_server_is_given_up) {
    ScriptedServer server{{{"EHLO", ""}}};
    auto impatient = settings(server);
    impatient.timeout = 1s;
    mail::SmtpClient client{std::move(impatient)};
    BOOST_CHECK(outcome(client) == mail::FailureKind::unreachable);
}

BOOST_AUTO_TEST_CASE(nothing_is_sent_where_tls_is_asked_for_and_missing) {
    for (const char* ehlo : {"250 hi\r\n", "250-hi\r\n250 AUTH PLAIN\r\n"}) {
        ScriptedServer server{{{"", "220 hi\r\n"}, {"EHLO", ehlo}}};
        auto secure = settings(server);
        secure.tls = mail::TlsMode::starttls;
        secure.user = "relay";
        secure.password = Secret{std::string_view{"hunter2"}};
        mail::SmtpClient client{std::move(secure)};
        BOOST_CHECK(outcome(client) == mail::FailureKind::misconfigured);
        BOOST_TEST(server.heard() == "EHLO client.example\r\n");
    }
}

// RFC 3207 section 4: "454 TLS not available due to temporary reason". The next mail must not go on in plain
// text.
BOOST_AUTO_TEST_CASE(a_talk_that_broke_off_before_tls_is_never_gone_on_with) {
    ScriptedServer server{{{"", "220 hi\r\n"},
                           {"EHLO", "250-hi\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n"},
                           {"STARTTLS", "454 not now\r\n"},
                           {"MAIL", "250 ok\r\n"},
                           {"RCPT", "250 ok\r\n"},
                           {"DATA", "354 go\r\n"},
                           {".", "250 taken\r\n"}}};
    auto secure = settings(server);
    secure.tls = mail::TlsMode::starttls;
    secure.timeout = 1s;
    mail::SmtpClient client{std::move(secure)};
    BOOST_CHECK(outcome(client) == mail::FailureKind::unreachable);
    BOOST_CHECK(outcome(client).has_value());
    BOOST_TEST(server.heard() == "EHLO client.example\r\nSTARTTLS\r\n");
}

BOOST_AUTO_TEST_CASE(what_a_server_says_is_told_without_addresses) {
    ScriptedServer server{with(first_steps(3), {{"RCPT", "550 5.1.1 <ann@example.com>: nobody here\r\n"}})};
    mail::SmtpClient client{settings(server)};
    const auto result = client.deliver("no-reply@example.com", "ann@example.com", kMail);
    BOOST_REQUIRE(!result);
    BOOST_TEST(result.error().reason == "550 5.1.1 <(address)>: nobody here");
}

BOOST_AUTO_TEST_CASE(a_display_name_is_one_name) {
    auto message = mail::Message{
        .from = "a@example.com", .from_name = "Acme, \"Inc\"", .to = "b@example.com", .message_id = "x"};
    BOOST_TEST(mail::render(message).find("From: \"Acme, \\\"Inc\\\"\"\r\n <a@example.com>") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_comes_before_tls_is_not_believed) {
    ScriptedServer server{{{"", "220 hi\r\n"},
                           {"EHLO", "250-hi\r\n250 STARTTLS\r\n"},
                           {"STARTTLS", "220 go\r\n250 injected\r\n"}}};
    auto secure = settings(server);
    secure.tls = mail::TlsMode::starttls;
    mail::SmtpClient client{std::move(secure)};
    BOOST_CHECK(outcome(client) == mail::FailureKind::misconfigured);
}

BOOST_AUTO_TEST_CASE(credentials_go_out_in_plain_text_only_where_it_is_allowed) {
    const std::vector<Step> offering{
        {"", "220 hi\r\n"},          {"EHLO", "250-hi\r\n250 AUTH LOGIN PLAIN\r\n"},
        {"AUTH", "235 welcome\r\n"}, {"MAIL", "250 ok\r\n"},
        {"RCPT", "250 ok\r\n"},      {"DATA", "354 go\r\n"},
        {".", "250 taken\r\n"},      {"QUIT", "221 bye\r\n"}};
    for (const bool allowed : {false, true}) {
        ScriptedServer server{offering};
        auto open = settings(server);
        open.user = "relay";
        open.password = Secret{std::string_view{"hunter2"}};
        open.allow_plaintext_login = allowed;
        mail::SmtpClient client{std::move(open)};
        BOOST_CHECK(outcome(client) ==
                    (allowed ? std::nullopt : std::optional{mail::FailureKind::misconfigured}));
        client.quit();
        using namespace std::string_literals;
        const auto credentials = "AUTH PLAIN " + base64("\0relay\0hunter2"s);
        BOOST_TEST((server.heard().find(credentials) != std::string::npos) == allowed);
    }
}

BOOST_AUTO_TEST_CASE(login_is_spoken_where_plain_is_not_offered) {
    ScriptedServer server{{{"", "220 hi\r\n"},
                           {"EHLO", "250-hi\r\n250 AUTH LOGIN\r\n"},
                           {"AUTH LOGIN", "334 VXNlcm5hbWU6\r\n"},
                           {base64("relay"), "334 UGFzc3dvcmQ6\r\n"},
                           {base64("hunter2"), "535 no\r\n"}}};
    auto open = settings(server);
    open.user = "relay";
    open.password = Secret{std::string_view{"hunter2"}};
    open.allow_plaintext_login = true;
    mail::SmtpClient client{std::move(open)};
    BOOST_CHECK(outcome(client) == mail::FailureKind::misconfigured);
}

BOOST_AUTO_TEST_CASE(an_address_can_not_carry_a_command) {
    for (const char* evil : {"ann@example.com>\r\nRCPT TO:<eve@example.com", "ann@example.com\nDATA",
                             "a b@example.com", "<x@example.com>"}) {
        ScriptedServer server{until_data()};
        mail::SmtpClient client{settings(server)};
        BOOST_CHECK(outcome(client, evil) == mail::FailureKind::refused);
    }
}

BOOST_AUTO_TEST_CASE(an_international_address_needs_a_server_that_takes_it) {
    ScriptedServer plain{until_data()};
    mail::SmtpClient first{settings(plain)};
    BOOST_CHECK(outcome(first, "j\xc3\xbcrgen@example.com") == mail::FailureKind::refused);
    ScriptedServer able{with(until_data("250-hi\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n"),
                             {{".", "250 taken\r\n"}, {"QUIT", "221 bye\r\n"}})};
    mail::SmtpClient second{settings(able)};
    BOOST_CHECK(!outcome(second, "j\xc3\xbcrgen@example.com"));
    second.quit();
    BOOST_TEST(able.heard().find("MAIL FROM:<no-reply@example.com> SMTPUTF8 BODY=8BITMIME\r\n") !=
               std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
