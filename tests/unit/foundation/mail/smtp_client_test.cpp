#include "mail/smtp_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <random>
#include <thread>

#include "base/encoding.h"
#include "base/unique_fd.h"
#include "data.h"
#include "mail/message.h"
#include "mail/templates.h"

using namespace csauth;
using namespace std::chrono_literals;

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
