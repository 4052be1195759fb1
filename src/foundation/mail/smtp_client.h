#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "mail/stream.h"

namespace csauth::mail {

enum class TlsMode { none, starttls, implicit };

struct SmtpSettings {
    std::string host;
    unsigned port = 25;
    TlsMode tls = TlsMode::starttls;
    std::string ca_file;  ///< the system's where empty
    std::string user;     ///< no sign-in where empty
    Secret password;
    bool allow_plaintext_login = false;  ///< without TLS, to a loopback address only
    std::string helo_name;
    std::chrono::seconds timeout{
        300};  ///< for one command; DATA gets less and the final dot twice that (RFC 5321 section 4.5.3.2)
    /// Asked a few times a second until the relay has greeted us and let us in: true gives the delivery up,
    /// as unreachable. Once a mail is under way, it is finished.
    std::function<bool()> wants_to_leave = {};
};

/// The longest that SmtpClient::deliver takes with this patience for a command: then it gives up.
constexpr std::chrono::seconds longest_delivery(std::chrono::seconds timeout) { return 4 * timeout; }

/// Why a mail was not delivered. A retry policy reads it.
enum class FailureKind {
    unreachable,    ///< no connection, no greeting
    interrupted,    ///< the connection broke or timed out, or the server spoke nonsense
    deferred,       ///< 4yz: not now
    misconfigured,  ///< no TLS, a bad certificate, credentials refused: nothing passes until somebody acts
    refused,        ///< 5yz: this mail never
};

std::string_view name_of(FailureKind kind);

struct DeliveryFailure {
    FailureKind kind;
    std::string reason;  ///< what the server said, or what broke; holds no secret and no address
};

/// Delivers mail to one relay (RFC 5321), several mails over one connection, each in one round trip where the
/// server offers PIPELINING (RFC 2920). It connects at the first mail, again after a failure, and at once
/// when the server has closed a connection that was used before. With TlsMode::starttls nothing is sent,
/// credentials least of all, before the connection is encrypted and the certificate verified; nothing that
/// was said before is believed. A reply that comes before its command was sent ends the connection: the next
/// replies would be taken for answers that they are not.
class SmtpClient {
public:
    explicit SmtpClient(SmtpSettings settings);
    ~SmtpClient();

    /// `message`: as mail::render makes it. Accepted by the relay when this returns a value. After a
    /// failure of kind interrupted the relay may have it all the same.
    Result<void, DeliveryFailure> deliver(const std::string& from, const std::string& to,
                                          std::string_view message);

    /// Says goodbye and closes the connection, if there is one.
    void quit();

private:
    struct Reply {
        int code = 0;
        std::vector<std::string> lines;  ///< without the code
        bool is(int hundreds) const { return code / 100 == hundreds; }
        std::string text() const;
    };
    struct Refusal;

    struct Step;

    void deliver_once(const std::string& from, const std::string& to, std::string_view message);
    void connect_or_reset();
    void connect();
    void greet();
    void sign_in();
    std::string mail_parameters(const std::string& from, const std::string& to, std::size_t size) const;
    static void check(const Step& step, const Reply& reply);
    void open_transaction(const std::vector<Step>& steps);
    void open_in_one_go(const std::vector<Step>& steps);
    void send_message(std::string_view message);
    void expect_silence();
    Reply read_reply(std::chrono::seconds patience);
    Reply command(const std::string& line);
    Reply secret_command(std::string line);
    static void require(const Reply& reply, int hundreds, FailureKind permanent);
    Stream::Deadline after(std::chrono::seconds time) const;

    SmtpSettings settings_;
    std::optional<Stream> stream_;
    std::map<std::string, std::string, std::less<>> extensions_;  // of EHLO, in upper case, with parameters
    bool needs_reset_ = false;    // a transaction was begun on it that did not end well
    bool is_connecting_ = false;  // until the server has let us in
    bool has_sent_body_ = false;  // of the mail that is being delivered: the server may have it
    Stream::Deadline give_up_{};  // of the mail that is being delivered
};

/// The message with dots doubled at the starts of lines and the closing dot (RFC 5321 section 4.5.2). Every
/// line end is CRLF: a bare CR or LF becomes one, so that no content can end the message early.
std::string dot_stuffed(std::string_view message);

}  // namespace csauth::mail
