#include "mailer.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include "accounts/requested_mail.h"
#include "accounts/verification.h"
#include "db/errors.h"
#include "mail/smtp_client.h"
#include "mail_composer.h"
#include "outbox/delivery_policy.h"
#include "outbox/delivery_rate.h"
#include "outbox/outbox.h"
#include "outbox/retry.h"
#include "stores.h"
#include "users/email.h"

namespace csauth {
namespace {

using namespace std::chrono_literals;

constexpr auto kPollInterval = 500ms;
constexpr auto kWaitWhenDatabaseIsAway = 1s;
constexpr std::size_t kBatch = 20;
constexpr auto kBatchLease = 60s;  // begin() extends it for each mail
constexpr auto kSlowDelivery = 30s;

class Mailer {
public:
    Mailer(const Config& config, Outages& outages, server::Process& process)
        : config_{config},
          process_{process},
          outages_{outages},
          keys_{usable_key_rings(config, "mailer")},
          stores_{config, keys_, clock_, random_, nullptr, nullptr},
          templates_{mail_templates(config)},
          verification_{stores_.ports(clock_, random_), keys_.seal},
          reset_{stores_.ports(clock_, random_)},
          requested_mail_{stores_.ports(clock_, random_), verification_, reset_},
          smtp_{leaving_smtp_settings()},
          rate_{config.mail.rate, clock_.uptime()} {}

    int run() {
        auto pause = std::chrono::milliseconds{0};
        while (!is_leaving_ && server::wait(process_, -1, pause) != server::Wake::leave) {
            try {
                extend_deadline();
                keys_.follow(process_.log);
                const bool handled = answer_requests();
                const bool delivered = deliver_due();
                pause = handled || delivered ? 0ms : std::chrono::milliseconds{kPollInterval};
            } catch (const db::Unavailable& e) {
                outages_.database().failed(process_.log, clock_.uptime(), e.what());
                pause = kWaitWhenDatabaseIsAway;
            }
        }
        smtp_.quit();
        return 0;
    }

private:
    /// Answers requests for mail. A failure here must not stop the delivery of mails. Returns true if there
    /// were any.
    bool answer_requests() {
        try {
            const bool handled = requested_mail_.handle_open(kBatch) > 0;
            requests_outage_.succeeded(process_.log, clock_.uptime());
            return handled;
        } catch (const db::Failure& e) {
            requests_outage_.failed(process_.log, clock_.uptime(), e.what());
            return false;
        }
    }

    /// Delivers mails that are due. Returns true if more may be due.
    bool deliver_due() {
        write_outcomes();
        if (relay_pause_.holds(clock_.uptime())) return false;
        const std::size_t most = rate_.allowed(kBatch, clock_.uptime());
        if (most == 0) return false;
        const TimePoint now = clock_.now();
        const auto due = stores_.outbox.lease_due(most, now, now + kBatchLease);
        rate_.spend(due.size());
        if (due.empty()) smtp_.quit();
        for (std::size_t i = 0; i < due.size(); ++i) {
            is_leaving_ = is_leaving_ || server::wait(process_, -1, 0ms) == server::Wake::leave;
            extend_deadline();
            const auto began = std::chrono::steady_clock::now();
            const bool goes_on = !is_leaving_ && (!begin(due[i]) || send(due[i]));
            const bool was_slow = std::chrono::steady_clock::now() - began > kSlowDelivery;
            if (goes_on && !was_slow) continue;
            // Releases the rest, because mails that have arrived meanwhile may be more urgent.
            for (const auto& rest : std::span{due}.subspan(i))
                stores_.outbox.release(rest.id, "");
            return goes_on;
        }
        return !due.empty();
    }

    /// Returns how long the lease of one mail lasts: the longest delivery, and a little more.
    std::chrono::seconds lease_time() const { return mail::longest_delivery(config_.mail.timeout) + 30s; }

    void extend_deadline() {
        process_.slot.state.store(server::SlotState::busy);
        process_.slot.set_deadline(lease_time() + 60s);
    }

    /// Returns settings that let the SMTP client stop at once, while it connects, if the process must leave.
    mail::SmtpSettings leaving_smtp_settings() {
        auto settings = smtp_settings(config_);
        settings.wants_to_leave = [this] {
            is_leaving_ = is_leaving_ || server::wait(process_, -1, 0ms) == server::Wake::leave;
            extend_deadline();
            return is_leaving_;
        };
        return settings;
    }

    /// Extends the lease of a mail for its delivery. Returns false if another node has the mail by now,
    /// because the mails before it took long.
    bool begin(const outbox::QueuedLetter& queued) {
        const bool is_ours = stores_.outbox.begin(queued.id, clock_.now() + lease_time());
        process_.slot.served.fetch_add(1);
        return is_ours;
    }

    /// Tries to deliver a mail and records the outcome. Returns false if the relay can't take any mail at the
    /// moment. The mail is then released.
    bool send(const outbox::QueuedLetter& queued) {
        if (const auto reason = outbox::reason_to_give_up(queued, clock_.now())) {
            give_up(queued, *reason);
            return true;
        }
        std::string message;
        const auto to = recipient_of(queued);
        try {
            if (!queued.letter) throw std::runtime_error("it can't be read: another version's, or damaged");
            if (to)
                message = compose(config_, templates_, *queued.letter, queued.id.text(), *to, clock_.now());
        } catch (const std::exception& e) {
            if (outbox::after_unreadable(queued) == outbox::NextStep::give_up)
                give_up(queued, std::string{"set aside: "} + e.what());
            else
                postpone(queued, e.what());
            return true;
        }
        if (!to) {
            give_up(queued, "the recipient is no address");
            return true;
        }
        return settle(queued, smtp_.deliver(sender(config_), *to, message));
    }

    static std::optional<std::string> recipient_of(const outbox::QueuedLetter& queued) {
        if (!queued.letter) return std::nullopt;
        const auto email = users::Email::parse(queued.letter->recipient);
        return email ? std::optional{email->for_smtp()} : std::nullopt;
    }

    bool settle(const outbox::QueuedLetter& queued, const Result<void, mail::DeliveryFailure>& outcome) {
        if (outcome) {
            outages_.relay().succeeded(process_.log, clock_.uptime());
            process_.log.info("mail_sent",
                              {{"mail", queued.id.text()}, {"template", name_of(queued.letter->which)}});
            relay_pause_.succeeded();
            delivered_.push_back(queued.id);
            write_outcomes();
            return true;
        }
        const auto& failure = outcome.error();
        const std::string reason = std::string{name_of(failure.kind)} + ": " + failure.reason;
        // A delivery that was interrupted because the process leaves does not show that the relay is away.
        const bool is_away = !is_leaving_ && outbox::is_failure_of_relay(failure.kind);
        if (is_away) {
            outages_.relay().failed(process_.log, clock_.uptime(), reason);
        } else {
            if (failure.kind != mail::FailureKind::interrupted)
                outages_.relay().succeeded(process_.log, clock_.uptime());
            process_.log.warning("mail_not_sent", {{"mail", queued.id.text()},
                                                   {"kind", name_of(failure.kind)},
                                                   {"reason", failure.reason},
                                                   {"attempts", queued.attempts + 1}});
        }
        switch (outbox::after_failure(failure.kind)) {
            case outbox::NextStep::give_up: give_up(queued, failure.reason); return true;
            case outbox::NextStep::postpone: postpone(queued, failure.reason); return true;
            case outbox::NextStep::release:
                stores_.outbox.release(queued.id, failure.reason);
                relay_pause_.failed(clock_.uptime());
                return false;
        }
        return true;
    }

    /// Records delivered mails before anything else. If the database is unavailable, keeps them in memory and
    /// tries again.
    void write_outcomes() {
        while (!delivered_.empty()) {
            stores_.outbox.sent(delivered_.back(), clock_.now());
            delivered_.pop_back();
        }
    }

    void postpone(const outbox::QueuedLetter& queued, std::string_view reason) {
        const auto delay = outbox::retry_delay(queued.attempts + 1, config_.mail.first_retry, random_);
        stores_.outbox.retry(queued.id, clock_.now() + delay, reason);
    }

    void give_up(const outbox::QueuedLetter& queued, const std::string& reason) {
        stores_.outbox.failed(queued.id, clock_.now(), reason);
        process_.log.error("mail_given_up", {{"mail", queued.id.text()}, {"reason", reason}});
    }

    const Config& config_;
    server::Process& process_;
    Outages& outages_;
    SystemClock clock_;
    SystemRandom random_;
    KeyRings keys_;
    Stores stores_;
    mail::Templates templates_;
    accounts::VerificationMail verification_;
    accounts::ResetMail reset_;
    accounts::RequestedMail requested_mail_;
    mail::SmtpClient smtp_;
    outbox::DeliveryRate rate_;
    outbox::RelayPause relay_pause_;
    std::vector<MailId> delivered_;  // but not recorded in the database yet
    Outage requests_outage_{
        {.begun = "request_for_mail_failed", .ended = "requests_for_mail_handled_again", .settled = 3s}};
    bool is_leaving_ = false;
};

}  // namespace

int run_mailer(const Config& config, Outages& outages, server::Process& process) {
    return Mailer{config, outages, process}.run();
}

}  // namespace csauth
