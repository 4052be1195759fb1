#include "mail/smtp_client.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "base/encoding.h"
#include "base/enum_names.h"

namespace csauth::mail {
namespace {

// RFC 5321 section 4.5.3.1.5 allows 512; some servers send more.
constexpr std::size_t kLongestReplyLine = 2048;
constexpr std::size_t kMostReplyLines = 128;
constexpr std::size_t kLongestReason = 200;
constexpr std::chrono::seconds kConnectPatience{30};
constexpr std::chrono::seconds kQuitPatience{2};

// RFC 5321 sections 4.5.3.2.4 and 4.5.3.2.5.
constexpr std::chrono::seconds kDataPatience{120};
constexpr std::chrono::seconds kBlockPatience{180};

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// Returns true if a command may contain the text. A line break in it would begin another command.
bool is_plain(std::string_view argument) {
    return !argument.empty() && std::none_of(argument.begin(), argument.end(), [](char c) {
        return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f || c == '<' || c == '>';
    });
}

/// Returns the text with mail addresses replaced. Servers often quote the address that they refuse, and the
/// log must not contain it.
std::string without_addresses(std::string_view text) {
    std::string masked;
    while (!text.empty()) {
        const auto end = std::min(text.find_first_of(" <>:;,"), text.size());
        const auto word = text.substr(0, end);
        masked += word.find('@') == std::string_view::npos ? word : std::string_view{"(address)"};
        if (end < text.size()) masked += text[end];
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return masked;
}

}  // namespace

/// Ends a delivery early. deliver() turns it into a DeliveryFailure.
struct SmtpClient::Refusal : std::runtime_error {
    Refusal(FailureKind k, const std::string& reason) : std::runtime_error{reason}, kind{k} {}
    FailureKind kind;
};

/// One command of those that open a transaction, and what a permanent refusal of it means.
struct SmtpClient::Step {
    std::string line;
    int hundreds;
    FailureKind permanent;
    std::chrono::seconds patience;
};

namespace {

constexpr EnumNames kFailureKindNames{std::to_array<NameOf<FailureKind>>({
    {FailureKind::unreachable, "unreachable"},
    {FailureKind::interrupted, "interrupted"},
    {FailureKind::deferred, "deferred"},
    {FailureKind::misconfigured, "misconfigured"},
    {FailureKind::refused, "refused"},
})};

}  // namespace

std::string_view name_of(FailureKind kind) { return kFailureKindNames.of(kind); }

std::string dot_stuffed(std::string_view message) {
    std::string data;
    data.reserve(message.size() + message.size() / 64 + 8);
    bool line_starts = true;
    for (std::size_t i = 0; i < message.size(); ++i) {
        const char c = message[i];
        if (c == '\r' || c == '\n') {
            if (c == '\r' && i + 1 < message.size() && message[i + 1] == '\n') ++i;
            data += "\r\n";
            line_starts = true;
            continue;
        }
        if (line_starts && c == '.') data += '.';
        line_starts = false;
        data += c;
    }
    if (!line_starts) data += "\r\n";
    return data += ".\r\n";
}

std::string SmtpClient::Reply::text() const {
    std::string text = std::to_string(code);
    for (const auto& line : lines)
        text += ' ' + line;
    return valid_utf8(utf8_prefix(without_addresses(text), kLongestReason));
}

SmtpClient::SmtpClient(SmtpSettings settings) : settings_{std::move(settings)} {}

SmtpClient::~SmtpClient() = default;

Result<void, DeliveryFailure> SmtpClient::deliver(const std::string& from, const std::string& to,
                                                  std::string_view message) {
    give_up_ = std::chrono::steady_clock::now() + longest_delivery(settings_.timeout);
    for (;;) {
        const bool was_reused = stream_.has_value();
        has_sent_body_ = false;
        FailureKind when_broken = FailureKind::unreachable;
        try {
            if (!stream_) connect_or_reset();
            when_broken = FailureKind::interrupted;
            deliver_once(from, to, message);
            return {};
        } catch (const Refusal& refusal) {
            if (refusal.kind == FailureKind::refused || refusal.kind == FailureKind::deferred)
                return DeliveryFailure{refusal.kind, refusal.what()};  // the connection is still good
            stream_.reset();
            if (refusal.kind == FailureKind::interrupted && was_reused && !has_sent_body_) continue;
            return DeliveryFailure{refusal.kind, refusal.what()};
        } catch (const TlsError& error) {
            stream_.reset();
            return DeliveryFailure{FailureKind::misconfigured, error.what()};
        } catch (const StreamError& error) {
            stream_.reset();
            // Servers close connections that have been idle, or have carried enough mails.
            if (was_reused && !has_sent_body_) continue;
            return DeliveryFailure{when_broken, error.what()};
        }
    }
}

void SmtpClient::deliver_once(const std::string& from, const std::string& to, std::string_view message) {
    if (!is_plain(from)) throw Refusal{FailureKind::misconfigured, "mail.from is no address"};
    if (!is_plain(to)) throw Refusal{FailureKind::refused, "the recipient is no address"};
    const auto patience = settings_.timeout;
    const std::string parameters = mail_parameters(from, to, message.size());
    // If MAIL is refused, the fault is ours: the sender, or a missing sign-in. With SMTPUTF8 it may be the
    // address of this mail.
    const auto refused_sender =
        parameters.find(" SMTPUTF8") == std::string::npos ? FailureKind::misconfigured : FailureKind::refused;
    std::vector<Step> steps;
    if (needs_reset_) steps.push_back({"RSET", 2, FailureKind::interrupted, patience});
    steps.push_back({"MAIL FROM:<" + from + ">" + parameters, 2, refused_sender, patience});
    steps.push_back({"RCPT TO:<" + to + ">", 2, FailureKind::refused, patience});
    steps.push_back({"DATA", 3, FailureKind::refused, std::min(patience, kDataPatience)});

    needs_reset_ = true;
    if (extensions_.contains("PIPELINING"))
        open_in_one_go(steps);
    else
        open_transaction(steps);
    send_message(message);
    needs_reset_ = false;
}

std::string SmtpClient::mail_parameters(const std::string& from, const std::string& to,
                                        std::size_t size) const {
    std::string parameters;
    if (!is_ascii(from) || !is_ascii(to)) {
        if (!extensions_.contains("SMTPUTF8"))
            throw Refusal{is_ascii(from) ? FailureKind::refused : FailureKind::misconfigured,
                          "the address needs SMTPUTF8, which the server does not offer"};
        parameters += " SMTPUTF8";
        if (extensions_.contains("8BITMIME")) parameters += " BODY=8BITMIME";
    }
    const auto limit = extensions_.find("SIZE");
    if (limit == extensions_.end()) return parameters;
    std::size_t most = 0;  // RFC 1870: 0, or no number, means no limit
    std::from_chars(limit->second.data(), limit->second.data() + limit->second.size(), most);
    if (most > 0 && size > most)
        throw Refusal{FailureKind::refused, "the mail is larger than the server takes"};
    return parameters + " SIZE=" + std::to_string(size);
}

/// Throws Refusal unless the reply to the step is positive.
void SmtpClient::check(const Step& step, const Reply& reply) {
    if (reply.is(step.hundreds)) return;
    if (step.line == "RSET") throw Refusal{FailureKind::interrupted, reply.text()};
    // RFC 4954 section 6: a sign-in is required, or a better one. Any step may get this reply.
    const bool wants_sign_in =
        reply.code == 530 || reply.code == 534 || reply.code == 535 || reply.code == 538;
    const auto permanent = wants_sign_in       ? FailureKind::misconfigured
                           : reply.code == 552 ? FailureKind::refused  // this mail's size
                                               : step.permanent;
    require(reply, step.hundreds, permanent);
}

void SmtpClient::open_transaction(const std::vector<Step>& steps) {
    for (const Step& step : steps) {
        expect_silence();
        stream_->write(step.line + "\r\n", after(step.patience));
        const Reply reply = read_reply(step.patience);
        check(step, reply);
    }
}

/// Sends all commands at once, then reads all replies (RFC 2920). The server may refuse one of them and
/// accept DATA in spite of that.
void SmtpClient::open_in_one_go(const std::vector<Step>& steps) {
    std::string lines;
    for (const Step& step : steps)
        lines += step.line + "\r\n";
    expect_silence();
    stream_->write(lines, after(settings_.timeout));

    std::optional<Refusal> first;
    bool is_recipients_fault = false;
    Reply reply;
    for (const Step& step : steps) {
        reply = read_reply(step.patience);
        if (first) continue;
        try {
            check(step, reply);
        } catch (const Refusal& refusal) {
            if (refusal.kind == FailureKind::interrupted) throw;  // there will be no more replies
            first = refusal;
            is_recipients_fault = step.line.starts_with("RCPT");
        }
    }
    if (!first) return;
    if (reply.is(3) && !is_recipients_fault) {
        stream_.reset();       // the server would take all that we send for a mail
    } else if (reply.is(3)) {  // an empty message without recipients leaves the DATA state
        stream_->write(".\r\n", after(settings_.timeout));
        (void)read_reply(2 * settings_.timeout);
    }
    throw Refusal{*first};
}

void SmtpClient::send_message(std::string_view message) {
    const std::string data = dot_stuffed(message);
    constexpr std::size_t block = 64 * 1024;
    for (std::string_view rest = data; !rest.empty(); rest.remove_prefix(std::min(block, rest.size()))) {
        expect_silence();  // the server must not reply before the closing dot
        has_sent_body_ = true;
        stream_->write(rest.substr(0, block), after(std::min(settings_.timeout, kBlockPatience)));
    }
    require(read_reply(2 * settings_.timeout), 2, FailureKind::refused);
}

/// Throws Refusal if a reply came before its command was sent. Later replies would be taken for those of
/// other commands, so a new connection is needed.
void SmtpClient::expect_silence() {
    if (stream_->has_pending())
        throw Refusal{FailureKind::interrupted, "the server replied before it was asked"};
}

Stream::Deadline SmtpClient::after(std::chrono::seconds time) const {
    return std::min(std::chrono::steady_clock::now() + time, give_up_);
}

/// Connects, or leaves no connection. One that failed before TLS or the sign-in was complete must never be
/// used.
void SmtpClient::connect_or_reset() {
    needs_reset_ = false;
    is_connecting_ = true;
    try {
        connect();
        is_connecting_ = false;
    } catch (const Refusal& refusal) {
        stream_.reset();
        // The server has no time for us, whatever the mail.
        if (refusal.kind == FailureKind::deferred || refusal.kind == FailureKind::interrupted)
            throw Refusal{FailureKind::unreachable, refusal.what()};
        throw;
    } catch (...) {
        stream_.reset();
        throw;
    }
}

void SmtpClient::connect() {
    Stream::WantsToLeave wants_to_leave;
    if (settings_.wants_to_leave)
        wants_to_leave = [this] { return is_connecting_ && settings_.wants_to_leave(); };
    stream_.emplace(Stream::connect(settings_.host, settings_.port,
                                    after(std::min(kConnectPatience, settings_.timeout)), wants_to_leave));
    if (settings_.tls == TlsMode::implicit)
        stream_->start_tls(settings_.host, settings_.ca_file, after(settings_.timeout));
    require(read_reply(settings_.timeout), 2, FailureKind::unreachable);
    greet();
    if (settings_.tls == TlsMode::starttls) {
        if (!extensions_.contains("STARTTLS"))
            throw Refusal{FailureKind::misconfigured,
                          "the server offers no STARTTLS, and mail.tls asks for it"};
        require(command("STARTTLS"), 2, FailureKind::misconfigured);
        // Bytes that came with the reply were not encrypted, so an attacker may have sent them
        // (CVE-2011-0411).
        if (stream_->has_pending())
            throw Refusal{FailureKind::misconfigured, "the server spoke on before TLS began"};
        stream_->start_tls(settings_.host, settings_.ca_file, after(settings_.timeout));
        greet();
    }
    if (!settings_.user.empty()) sign_in();
}

void SmtpClient::greet() {
    extensions_.clear();
    if (!is_plain(settings_.helo_name))
        throw Refusal{FailureKind::misconfigured, "mail.helo_name is no host name"};
    const Reply reply = command("EHLO " + settings_.helo_name);
    require(reply, 2, FailureKind::misconfigured);
    for (std::size_t i = 1; i < reply.lines.size(); ++i) {  // the first line is the greeting
        const std::string line = ascii_upper(reply.lines[i]);
        const auto space = std::min(line.find(' '), line.size());
        extensions_[line.substr(0, space)] = trimmed(std::string_view{line}.substr(space));
    }
}

void SmtpClient::sign_in() {
    const bool safe = stream_->is_encrypted() || (settings_.allow_plaintext_login && stream_->is_loopback());
    if (!safe) throw Refusal{FailureKind::misconfigured, "no credentials are sent without TLS"};
    const auto offered = extensions_.find("AUTH");
    const std::string mechanisms = offered == extensions_.end() ? " " : ' ' + offered->second + ' ';
    Reply reply;
    if (mechanisms.find(" PLAIN ") != std::string::npos) {
        std::string plain = std::string(1, '\0').append(settings_.user).append(1, '\0');
        plain.append(settings_.password.reveal());
        reply = secret_command("AUTH PLAIN " + base64(plain));
        wipe(plain);
    } else if (mechanisms.find(" LOGIN ") != std::string::npos) {
        reply = command("AUTH LOGIN");
        if (reply.is(3)) reply = command(base64(settings_.user));
        if (reply.is(3)) reply = secret_command(base64(settings_.password.reveal()));
    } else {
        throw Refusal{FailureKind::misconfigured, "the server offers neither AUTH PLAIN nor AUTH LOGIN"};
    }
    require(reply, 2, FailureKind::misconfigured);
}

SmtpClient::Reply SmtpClient::command(const std::string& line) {
    expect_silence();
    stream_->write(line + "\r\n", after(settings_.timeout));
    return read_reply(settings_.timeout);
}

SmtpClient::Reply SmtpClient::secret_command(std::string line) {
    line += "\r\n";
    expect_silence();
    stream_->write(line, after(settings_.timeout));
    wipe(line);
    return read_reply(settings_.timeout);
}

/// Reads a reply (RFC 5321 section 4.2). Each line begins with the same three digits, and a hyphen follows on
/// every line but the last.
SmtpClient::Reply SmtpClient::read_reply(std::chrono::seconds patience) {
    const auto deadline = after(patience);
    Reply reply;
    for (std::size_t count = 0; count < kMostReplyLines; ++count) {
        const std::string line = stream_->read_line(kLongestReplyLine, deadline);
        const bool has_code = line.size() >= 3 && std::all_of(line.begin(), line.begin() + 3,
                                                              [](char c) { return c >= '0' && c <= '9'; });
        const char separator = line.size() > 3 ? line[3] : ' ';
        if (!has_code || (separator != ' ' && separator != '-'))
            throw StreamError{"the server's reply is no SMTP"};
        const int code = std::stoi(line.substr(0, 3));
        if (count > 0 && code != reply.code)
            throw StreamError{"the lines of the server's reply differ in their code"};
        reply.code = code;
        reply.lines.push_back(line.size() > 4 ? line.substr(4) : "");
        if (separator == ' ') return reply;
    }
    throw StreamError{"the server's reply has no end"};
}

void SmtpClient::require(const Reply& reply, int hundreds, FailureKind permanent) {
    if (reply.is(hundreds)) return;
    if (reply.code == 421) throw Refusal{FailureKind::interrupted, reply.text()};  // it closes the connection
    if (reply.is(4)) throw Refusal{FailureKind::deferred, reply.text()};
    if (reply.is(5)) throw Refusal{permanent, reply.text()};
    throw Refusal{FailureKind::interrupted, "unexpected: " + reply.text()};
}

void SmtpClient::quit() {
    if (!stream_) return;
    give_up_ = std::chrono::steady_clock::now() + 2 * kQuitPatience;
    try {
        stream_->write("QUIT\r\n", after(kQuitPatience));
        (void)read_reply(kQuitPatience);
    } catch (const StreamError&) {
        // QUIT is only polite: no mail depends on it.
    }
    stream_.reset();
}

}  // namespace csauth::mail
