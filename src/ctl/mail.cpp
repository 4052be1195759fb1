#include "ctl/mail.h"

#include <algorithm>
#include <iomanip>
#include <iostream>
#include <optional>

#include "base/timestamps.h"
#include "ctl/administration.h"
#include "ctl/table.h"
#include "json/writer.h"
#include "mail_composer.h"
#include "users/email.h"

namespace csauth::ctl {
namespace {

constexpr std::size_t kUsualForPrograms = 200;  // mails in a list with --json

/// The stores and services for the mail commands.
struct MailRoom : Administration {
    using Administration::Administration;

    /// Runs `perform` and records it in the audit log, in one transaction. If `perform` returns false,
    /// returns false and writes no entry.
    template <class Act>
    bool act(const std::string& what, MailId id, Act perform) {
        const auto done = stores.database.run([&]() -> Result<void> {
            if (!perform()) return Error{.code = ErrorCode::not_found};
            stores.audit.record(
                {.action = audit::Action::mail_administered, .detail = what + ' ' + id.text()}, origin,
                clock.now());
            return {};
        });
        return static_cast<bool>(done);
    }
};

void write(json::Writer& json, const outbox::MailRecord& mail) {
    json.begin_object()
        .member("id", mail.id.text())
        .member("template", mail.which)
        .member("language", mail.language)
        .member("recipient", mail.recipient)
        .member("state", mail.state)
        .member("attempts", static_cast<std::int64_t>(mail.attempts))
        .member("created_at", rfc3339(mail.created_at))
        .member("next_attempt_at", rfc3339(mail.next_attempt_at))
        .member("give_up_at", rfc3339(mail.give_up_at))
        .member("finished_at", rfc3339(mail.finished_at))
        .member("last_error", mail.last_error)
        .member("has_secret", mail.has_secret);
    json.key("parameters").raw(mail.parameters);
    json.end_object();
}

std::optional<MailId> id_in(const Arguments& arguments) {
    const auto id = MailId::parse(arguments.words.at(0));
    if (!id) std::cerr << "csauthctl: '" << arguments.words.at(0) << "' is no id of a mail\n";
    return id;
}

}  // namespace

int mail_list(const Config& config, const Arguments& arguments) {
    std::optional<std::string_view> state;
    if (!arguments.words.empty()) {
        state = arguments.words[0];
        if (*state != "queued" && *state != "sending" && *state != "sent" && *state != "failed") {
            std::cerr << "csauthctl: a state is queued, sending, sent or failed\n";
            return kUsage;
        }
    }
    const auto limit = limit_in(arguments, kUsualForPrograms);
    if (!limit) return kUsage;
    MailRoom room{config};
    // One more mail than needed shows whether more follow.
    auto mails = room.stores.outbox.list(state, *limit + 1);
    const bool has_more = mails.size() > *limit;
    if (has_more) mails.pop_back();
    if (arguments.json) {
        json::Writer json;
        json.begin_array();
        for (const auto& mail : mails)
            write(json, mail);
        std::cout << json.end_array().text() << '\n';
        return 0;
    }
    Table table{{"ID", "STATE", "TEMPLATE", "SINCE", "RECIPIENT", "LAST ERROR"}};
    for (const auto& mail : mails)
        table.add({mail.id.text(), mail.state, mail.which, minute_in_utc(mail.created_at), mail.recipient,
                   mail.last_error});
    table.print(std::cout);
    if (has_more) {
        std::cout.flush();
        std::cerr << "csauthctl: these are the newest " << mails.size()
                  << "; for more add a higher --limit\n";
    }
    return 0;
}

int mail_show(const Config& config, const Arguments& arguments) {
    const auto id = id_in(arguments);
    if (!id) return kUsage;
    MailRoom room{config};
    const auto mail = room.stores.outbox.find(*id);
    if (!mail) return complain("there is no such mail");
    if (arguments.json) {
        json::Writer json;
        write(json, *mail);
        std::cout << json.text() << '\n';
        return 0;
    }
    const auto line = [](const char* name, const std::string& value) {
        if (!value.empty()) std::cout << std::left << std::setw(14) << name << value << '\n';
    };
    line("id", mail->id.text());
    line("state", mail->state);
    line("template", mail->which + " (" + mail->language + ")");
    line("recipient", mail->recipient);
    line("created", rfc3339(mail->created_at));
    line("attempts", std::to_string(mail->attempts));
    if (mail->state == "queued") line("next attempt", rfc3339(mail->next_attempt_at));
    line("given up at", rfc3339(mail->give_up_at));
    if (mail->finished_at) line("finished", rfc3339(*mail->finished_at));
    line("last error", mail->last_error);
    line("parameters", mail->parameters);
    line("secret", mail->has_secret ? "sealed" : "none");
    return 0;
}

int mail_retry(const Config& config, const Arguments& arguments) {
    const auto id = id_in(arguments);
    if (!id) return kUsage;
    MailRoom room{config};
    const TimePoint now = room.clock.now();
    const bool done = room.act(
        "retry", *id, [&] { return room.stores.outbox.retry_now(*id, now, now + outbox::kNoticeLifetime); });
    if (!done)
        return complain(
            "there is no such mail that waits or has failed; a mail with a link loses it when it is sent or "
            "fails. Send a new one: an invitation with 'csauthctl user invite USER'");
    std::cout << "the mail is sent at the next opportunity\n";
    return 0;
}

int mail_drop(const Config& config, const Arguments& arguments) {
    const auto id = id_in(arguments);
    if (!id) return kUsage;
    if (!is_confirmed("Give this mail up?", arguments)) return kUsage;
    MailRoom room{config};
    if (!room.act("drop", *id, [&] { return room.stores.outbox.drop(*id, room.clock.now()); }))
        return complain("there is no such mail that waits");
    std::cout << "the mail is given up\n";
    return 0;
}

int mail_test(const Config& config, const Arguments& arguments) {
    const auto address = users::Email::parse(arguments.words.at(0));
    if (!address) {
        std::cerr << "csauthctl: '" << arguments.words.at(0) << "' is no address\n";
        return kUsage;
    }
    check_mail(config);
    SystemClock clock;
    SystemRandom random;
    const auto id = MailId::make(clock.now(), random).text();
    const std::string to = address->for_smtp();
    mail::SmtpClient smtp{smtp_settings(config)};
    const auto delivered = smtp.deliver(sender(config), to, compose_test(config, id, to, clock.now()));
    smtp.quit();
    if (delivered) {
        std::cout << config.mail.host << " took the mail " << id << '\n';
        record_outside(config, audit::Action::mail_administered, "sent a test " + id);
        return 0;
    }
    std::cerr << "csauthctl: " << name_of(delivered.error().kind) << ": " << delivered.error().reason << '\n';
    return delivered.error().kind == mail::FailureKind::misconfigured ? kConfig : kUnavailable;
}

}  // namespace csauth::ctl
