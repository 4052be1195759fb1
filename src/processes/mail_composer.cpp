#include "mail_composer.h"

#include <stdexcept>
#include <vector>

#include "mail/message.h"
#include "secret_files.h"
#include "users/email.h"

namespace csauth {
namespace {

// The values that a template may name: see compose() and the letters' parameters.
const mail::Values kOwnValues{{"site", "x"}, {"url", "x"}, {"link", "x"}, {"code", "x"}, {"code_url", "x"}};
const mail::Values kUsersValues{{"username", "x"}, {"ip", "x"},    {"user_agent", "x"},
                                {"time", "x"},     {"until", "x"}, {"reason", "x"}};

mail::TlsMode tls_mode(const std::string& name) {
    if (name == "none") return mail::TlsMode::none;
    return name == "implicit" ? mail::TlsMode::implicit : mail::TlsMode::starttls;
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
    const auto at = text.find(what);
    return at == std::string::npos ? text : text.replace(at, what.size(), with);
}

/// Returns the configured link of a letter; empty for letters without one.
std::string link_of(outbox::Template which, const Config& config) {
    switch (which) {
        case outbox::Template::verify_email: return config.site.verify_url;
        case outbox::Template::reset_password: return config.site.reset_url;
        case outbox::Template::change_email: return config.site.email_change_url;
        case outbox::Template::email_changed: return config.site.email_revert_url;
        case outbox::Template::invitation: return config.site.invitation_url;
        case outbox::Template::already_registered:
        case outbox::Template::session_ended:
        case outbox::Template::password_changed:
        case outbox::Template::new_device:
        case outbox::Template::account_deleted:
        case outbox::Template::account_removed:
        case outbox::Template::account_banned:
        case outbox::Template::account_suspended:
        case outbox::Template::ban_lifted: return {};
    }
    throw std::logic_error("a Template without a link");
}

/// Returns "ABCD-EFGH" for "ABCDEFGH".
std::string grouped(std::string_view code) {
    const auto half = code.size() / 2;
    return std::string{code.substr(0, half)}.append("-").append(code.substr(half));
}

/// Returns an address of the configuration with its domain as A-labels.
std::string for_smtp(const std::string& address) {
    const auto email = users::Email::parse(address);
    return email ? email->for_smtp() : address;
}

std::string rendered(const Config& config, mail::RenderedText text, const std::string& id,
                     const std::string& to, TimePoint now) {
    const std::string from = sender(config);
    const auto domain = from.substr(from.rfind('@') + 1);
    return mail::render(
        {.from = from,
         .from_name = config.mail.from_name.empty() ? config.site.name : config.mail.from_name,
         .reply_to = for_smtp(config.mail.reply_to),
         .to = to,
         .subject = std::move(text.subject),
         .text = std::move(text.text),
         .html = std::move(text.html),
         .message_id = id + '@' + domain,
         .date = now});
}

}  // namespace

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

std::string sender(const Config& config) { return for_smtp(config.mail.from); }

mail::Templates mail_templates(const Config& config) {
    std::vector<std::string_view> names;
    for (const auto which : outbox::kAllTemplates)
        names.push_back(name_of(which));
    return {config.mail.templates, names};
}

void check_mail(const Config& config) {
    if (!users::Email::parse(config.mail.from)) throw std::runtime_error("mail.from is no address");
    if (!config.mail.reply_to.empty() && !users::Email::parse(config.mail.reply_to))
        throw std::runtime_error("mail.reply_to is no address");
    const auto templates = mail_templates(config);
    for (const auto which : outbox::kAllTemplates) {
        mail::Values values = kOwnValues;
        if (!may_reach_unconfirmed(which)) values.insert(kUsersValues.begin(), kUsersValues.end());
        templates.check(name_of(which), values);
    }
}

std::string link_to(const Config& config, outbox::Template which, std::string_view token) {
    return replaced(replaced(link_of(which, config), "{url}", config.site.url), "{token}", token);
}

std::string compose(const Config& config, const mail::Templates& templates, const outbox::Letter& letter,
                    const std::string& id, const std::string& to, TimePoint now) {
    // A letter that an earlier version queued may still have the username.
    mail::Values values;
    if (!may_reach_unconfirmed(letter.which)) values = letter.parameters;
    values["site"] = config.site.name;
    values["url"] = config.site.url;
    values["code_url"] = replaced(config.site.code_url, "{url}", config.site.url);
    values["link"] = link_to(config, letter.which, letter.token.reveal());
    if (!letter.code.empty()) values["code"] = grouped(letter.code.reveal());
    return rendered(config, templates.render(name_of(letter.which), letter.language, values), id, to, now);
}

std::string compose_test(const Config& config, const std::string& id, const std::string& to, TimePoint now) {
    const std::string text = "Mail from the accounts service arrives.\n";
    return rendered(
        config, {.subject = "A test of " + config.site.name, .text = text, .html = "<p>" + text + "</p>\n"},
        id, to, now);
}

}  // namespace csauth
