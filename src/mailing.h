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

/// Throws when mail.from or mail.reply_to is no address, or a template names what no letter has.
void check_mail(const Config& config);

/// mail.from as it stands in SMTP.
std::string sender(const Config& config);

/// Returns the link that a letter of that kind takes `token` to; empty for kinds without one.
std::string link_to(const Config& config, outbox::Template which, std::string_view token);

/// The message that a letter becomes. `to`: the recipient as it stands in SMTP. Throws when the template
/// names what the letter does not have.
std::string compose(const Config& config, const mail::Templates& templates, const outbox::Letter& letter,
                    const std::string& id, const std::string& to, TimePoint now);

/// A message that says nothing but that mail arrives.
std::string compose_test(const Config& config, const std::string& id, const std::string& to, TimePoint now);

}  // namespace csauth
