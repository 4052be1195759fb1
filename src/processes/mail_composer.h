#pragma once

#include <string>

#include "config.h"
#include "mail/smtp_client.h"
#include "mail/templates.h"
#include "outbox/letter.h"

namespace csauth {

/// Returns the settings of the relay, with its password. Throws if the secret file can't be read.
mail::SmtpSettings smtp_settings(const Config& config);

/// Loads every mail text from mail.templates. Throws if one is missing in English or is damaged.
mail::Templates mail_templates(const Config& config);

/// Checks the sender and the templates. Throws if mail.from or mail.reply_to is not an address, or if a
/// template names a value that its letters do not have. Mails that may reach an unconfirmed address have no
/// username; see outbox::may_reach_unconfirmed().
void check_mail(const Config& config);

/// Returns the link of a letter of this kind, with `token` in it; empty for kinds without a link.
std::string link_to(const Config& config, outbox::Template which, std::string_view token);

/// Returns mail.from in the form for SMTP, with the domain as A-labels.
std::string sender(const Config& config);

/// Returns the message for a letter, ready for SMTP. `id` becomes part of the Message-ID. `to` is the
/// recipient in the form for SMTP. Parameters of a letter that may reach an unconfirmed address are left out.
/// Throws if the template names a value that the letter does not have.
std::string compose(const Config& config, const mail::Templates& templates, const outbox::Letter& letter,
                    const std::string& id, const std::string& to, TimePoint now);

/// Returns a message that only says that mail arrives, for csauthctl mail test.
std::string compose_test(const Config& config, const std::string& id, const std::string& to, TimePoint now);

}  // namespace csauth
