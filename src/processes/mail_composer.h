#pragma once

#include <string>

#include "config.h"
#include "mail/smtp_client.h"
#include "mail/templates.h"
#include "outbox/letter.h"

namespace csauth {

/// The relay as it is configured.
mail::SmtpSettings smtp_settings(const Config& config);

/// Every text that the service sends, from mail.templates. Throws when one is missing in English, or is
/// damaged.
mail::Templates mail_templates(const Config& config);

/// Throws if mail.from or mail.reply_to is no address, or if a template names a value that its letters do not
/// have. A mail that may reach an unconfirmed address has no username; see outbox::may_reach_unconfirmed().
void check_mail(const Config& config);

/// Returns the link that a letter of that kind takes `token` to; empty for kinds without one.
std::string link_to(const Config& config, outbox::Template which, std::string_view token);

/// mail.from as it stands in SMTP.
std::string sender(const Config& config);

/// Returns the message that a letter becomes. `to` is the recipient as it is written in SMTP. Parameters of a
/// letter that may reach an unconfirmed address are left out. Throws if the template names a value that the
/// letter does not have.
std::string compose(const Config& config, const mail::Templates& templates, const outbox::Letter& letter,
                    const std::string& id, const std::string& to, TimePoint now);

/// A message that says nothing but that mail arrives.
std::string compose_test(const Config& config, const std::string& id, const std::string& to, TimePoint now);

}  // namespace csauth
