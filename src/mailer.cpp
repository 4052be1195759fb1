#include "mailer.h"

#include <chrono>
#include <stdexcept>
#include <vector>

#include "accounts/requested_mail.h"
#include "accounts/verification.h"
#include "base/encoding.h"
#include "db/errors.h"
#include "mail/message.h"
#include "mail/smtp_client.h"
#include "mail/templates.h"
#include "outbox/outbox.h"
#include "outbox/retry.h"
#include "stores.h"
#include "users/email.h"

namespace csauth {
namespace {

using namespace std::chrono_literals;

constexpr auto kPollInterval = 500ms;
constexpr auto kWaitWhenDatabaseIsAway = 1s;
constexpr auto kWaitForRelay = 30s;  // before the mails behind one that found no relay
constexpr std::size_t kBatch = 20;

// What a template may name: see compose() and the letters' parameters.
const mail::Values kSampleValues{{"site", "x"}, {"url", "x"}, {"link", "x"}, {"username", "x"}, {"ip", "x"}};

std::vector<std::string_view> template_names() {
    std::vector<std::string_view> names;
    for (const auto which : outbox::kAllTemplates)
        names.push_back(name_of(which));
    return names;
}

mail::TlsMode tls_mode(const std::string& name) {
    if (name == "none") return mail::TlsMode::none;
    return name == "implicit" ? mail::TlsMode::implicit : mail::TlsMode::starttls;
}

mail::SmtpSettings smtp_settings(const Config& config) {
    return {.host = config.mail.host,
            .port = config.mail.port,
            .tls = tls_mode(config.mail.tls),
            .ca_file = config.mail.ca_file,
            .user = config.mail.user,
            .password = read_secret_file(config.mail.password_file, process_environment()),
            .allow_plaintext_login = config.mail.allow_plaintext_login,
            .helo_name = config.mail.helo_name,
            .timeout = config.mail.timeout};
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
    const auto at = text.find(what);
    return at == std::string::npos ? text : text.replace(at, what.size(), with);
}

class Mailer {
public:
    Mailer(const Config& config, server::Process& process)
        : config_{config},
          process_{process},
          keys_{usable_key_rings(config)},
          stores_{config, keys_, random_},
          templates_{config.mail.templates, template_names()},
          verification_{stores_.one_time_tokens, stores_.outbox, clock_, random_},
          requested_mail_{
              stores_.mail_requests, stores_.users, stores_.one_time_tokens, verification_, stores_.outbox,
              stores_.database,      clock_},
          smtp_{smtp_settings(config)} {}

    int run() {
        auto pause = std::chrono::milliseconds{0};
        while (!is_leaving_ && server::wait(process_, -1, pause) != server::Wake::leave) {
            try {
                pause = work() ? 0ms : std::chrono::milliseconds{kPollInterval};
            } catch (const db::Unavailable& e) {
                process_.log.warning("mailer_waits_for_database", {{"what", e.what()}});
                pause = kWaitWhenDatabaseIsAway;
            }
        }
        smtp_.quit();
        return 0;
    }

private:
    /// Whether there may be more to do at once.
    bool work() {
        extend_deadline();
        const bool handled = requested_mail_.handle_open(kBatch) > 0;
        const TimePoint now = clock_.now();
        const auto due = stores_.outbox.lease_due(kBatch, now, now + lease_time());
        bool goes_on = true;
        for (const auto& queued : due) {
            if (goes_on && server::wait(process_, -1, 0ms) == server::Wake::leave) {
                is_leaving_ = true;
                goes_on = false;
            }
            extend_deadline();
            if (!goes_on)
                stores_.outbox.release(queued.id, clock_.now() + (is_leaving_ ? 0s : kWaitForRelay));
            // Those before it may have taken long: another node can have it by now.
            else if (stores_.outbox.renew(queued.id, clock_.now() + lease_time()))
                goes_on = send(queued);
        }
        if (due.empty()) smtp_.quit();
        return handled || (goes_on && !due.empty());
    }

    /// A mail is ours for as long as its delivery can take, and a little more.
    std::chrono::seconds lease_time() const { return mail::longest_delivery(config_.mail.timeout) + 30s; }

    void extend_deadline() {
        process_.slot.state.store(server::SlotState::busy);
        process_.slot.set_deadline(lease_time() + 60s);
    }

    /// False when no other mail would fare better at the moment.
    bool send(const outbox::QueuedLetter& queued) {
        const TimePoint now = clock_.now();
        if (now >= queued.give_up_at) {
            stores_.outbox.failed(queued.id, now, "given up: it would be of no use any more");
            process_.log.error("mail_given_up", {{"mail", queued.id.text()}});
            return true;
        }
        const auto outcome = deliver(queued);
        if (outcome) {
            stores_.outbox.sent(queued.id, clock_.now());
            process_.log.info("mail_sent",
                              {{"mail", queued.id.text()}, {"template", name_of(queued.letter->which)}});
            return true;
        }
        const auto& failure = outcome.error();
        process_.log.warning("mail_not_sent", {{"mail", queued.id.text()},
                                               {"kind", name_of(failure.kind)},
                                               {"reason", failure.reason},
                                               {"attempts", queued.attempts + 1}});
        if (failure.kind == mail::FailureKind::refused)
            stores_.outbox.failed(queued.id, clock_.now(), failure.reason);
        else
            stores_.outbox.retry(queued.id, clock_.now() + retry_delay(queued.attempts + 1), failure.reason);
        return failure.kind != mail::FailureKind::unreachable &&
               failure.kind != mail::FailureKind::misconfigured;
    }

    std::chrono::seconds retry_delay(unsigned attempts) {
        return outbox::retry_delay(attempts, config_.mail.first_retry, random_);
    }

    /// One mail that can't be read or rendered must not keep the others: it is tried again, as a newer
    /// program or a mended template may know better, until it is given up.
    Result<void, mail::DeliveryFailure> deliver(const outbox::QueuedLetter& queued) {
        const auto later = [](std::string reason) {
            return mail::DeliveryFailure{mail::FailureKind::deferred, std::move(reason)};
        };
        if (!queued.letter) return later("the mail can't be read: another version's, or damaged");
        const auto recipient = users::Email::parse(queued.letter->recipient);
        if (!recipient)
            return mail::DeliveryFailure{mail::FailureKind::refused, "the recipient is no address"};
        const std::string to = recipient->for_smtp();
        std::string message;
        try {
            message = compose(queued.id, *queued.letter, to);
        } catch (const std::exception& e) {
            return later(e.what());
        }
        return smtp_.deliver(config_.mail.from, to, message);
    }

    std::string compose(MailId id, const outbox::Letter& letter, const std::string& to) const {
        mail::Values values = letter.parameters;
        values["site"] = config_.site.name;
        values["url"] = config_.site.url;
        values["link"] = replaced(replaced(config_.site.verify_url, "{url}", config_.site.url), "{token}",
                                  letter.secret.reveal());
        auto text = templates_.render(name_of(letter.which), letter.language, values);
        const auto domain = config_.mail.from.substr(config_.mail.from.rfind('@') + 1);
        return mail::render({.from = config_.mail.from,
                             .from_name = config_.mail.from_name,
                             .to = to,
                             .subject = std::move(text.subject),
                             .text = std::move(text.text),
                             .html = std::move(text.html),
                             .message_id = id.text() + '@' + domain,
                             .date = clock_.now()});
    }

    const Config& config_;
    server::Process& process_;
    SystemClock clock_;
    SystemRandom random_;
    KeyRings keys_;
    Stores stores_;
    mail::Templates templates_;
    accounts::VerificationMail verification_;
    accounts::RequestedMail requested_mail_;
    mail::SmtpClient smtp_;
    bool is_leaving_ = false;
};

}  // namespace

int run_mailer(const Config& config, server::Process& process) { return Mailer{config, process}.run(); }

void check_mail(const Config& config) {
    if (!users::Email::parse(config.mail.from)) throw std::runtime_error("mail.from is no address");
    mail::Templates{config.mail.templates, template_names()}.check(kSampleValues);
}

}  // namespace csauth
