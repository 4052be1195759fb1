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

/// How the connection is encrypted. `starttls`: after the STARTTLS command (RFC 3207). `implicit`: from the
/// first byte (RFC 8314).
enum class TlsMode { none, starttls, implicit };

/// The relay and how to talk to it.
struct SmtpSettings {
    std::string host;
    unsigned port = 25;
    TlsMode tls = TlsMode::starttls;
    std::string ca_file;  ///< empty: the certificates of the system
    std::string user;     ///< empty: no sign-in
    Secret password;
    bool allow_plaintext_login = false;  ///< sign in without TLS, but only to a loopback address
    std::string helo_name;               ///< our host name for EHLO
    /// For one command. DATA gets less, and the final dot twice as much (RFC 5321 section 4.5.3.2).
    std::chrono::seconds timeout{300};
    /// Is called several times a second until the relay has accepted us. If it returns true, the delivery is
    /// given up as `unreachable`. A mail that is being sent is finished.
    std::function<bool()> wants_to_leave = {};
};

/// Returns the longest time that SmtpClient::deliver takes with this timeout for a command. Then it gives up.
constexpr std::chrono::seconds longest_delivery(std::chrono::seconds timeout) { return 4 * timeout; }

/// Why a mail was not delivered. A retry policy reads it.
enum class FailureKind {
    unreachable,    ///< no connection, or no greeting
    interrupted,    ///< the connection broke or timed out, or a reply made no sense
    deferred,       ///< 4yz: not now
    misconfigured,  ///< no TLS, a bad certificate, credentials refused: no mail passes until an operator acts
    refused,        ///< 5yz: this mail will never be accepted
};

/// Returns the name of the enumerator: "unreachable".
std::string_view name_of(FailureKind kind);

struct DeliveryFailure {
    FailureKind kind;
    std::string reason;  ///< the server's reply, or what broke; without secrets and mail addresses
};

/// Delivers mail to one relay (RFC 5321), several mails over one connection. If the server offers PIPELINING
/// (RFC 2920), the commands of a mail take one round trip.
///
/// It connects at the first mail and after a failure. If the server has closed a connection that was used
/// before, deliver() opens a new one at once.
///
/// With TlsMode::starttls it sends neither credentials nor mail before the connection is encrypted and the
/// certificate verified. The server's replies before that are not believed. A reply that comes before its
/// command was sent ends the connection, because it would be taken for the reply to another command.
class SmtpClient {
public:
    /// Does not connect yet.
    explicit SmtpClient(SmtpSettings settings);
    ~SmtpClient();

    /// Sends a mail that mail::render() returned, and waits up to longest_delivery(). A value means that the
    /// relay has accepted it. After an `interrupted` the relay may have accepted it, too.
    Result<void, DeliveryFailure> deliver(const std::string& from, const std::string& to,
                                          std::string_view message);

    /// Sends QUIT and closes the connection, if there is one. Takes a few seconds at most.
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
    std::map<std::string, std::string, std::less<>>
        extensions_;              // offered in EHLO, in upper case, with parameters
    bool needs_reset_ = false;    // the last transaction on this connection was not completed
    bool is_connecting_ = false;  // until the server has accepted us
    bool has_sent_body_ = false;  // the server may have the mail that is being delivered
    Stream::Deadline give_up_{};  // for the mail that is being delivered
};

/// Returns the message with doubled dots at the starts of lines and the closing dot (RFC 5321 section 4.5.2).
/// A bare CR or LF becomes CRLF, so that no content can end the message early.
std::string dot_stuffed(std::string_view message);

}  // namespace csauth::mail
