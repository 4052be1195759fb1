#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/ids.h"
#include "base/secret.h"

namespace csauth::outbox {

/// Which text a mail has. It names a file in the template directory.
enum class Template {
    verify_email,
    already_registered,
    session_ended,
    reset_password,
    password_changed,
    change_email,
    email_changed,
    new_device,
    account_deleted,
    account_removed,
    account_banned,
    account_suspended,
    ban_lifted,
    invitation,
};

/// Returns the name in the database and of the file: "verify_email".
std::string_view name_of(Template which);

/// Returns the template of that name, or nullopt if this version does not know it.
std::optional<Template> template_named(std::string_view name);
inline constexpr Template kAllTemplates[] = {
    Template::verify_email,    Template::already_registered, Template::session_ended,
    Template::reset_password,  Template::password_changed,   Template::change_email,
    Template::email_changed,   Template::new_device,         Template::account_deleted,
    Template::account_removed, Template::account_banned,     Template::account_suspended,
    Template::ban_lifted,      Template::invitation};

/// Returns true if such a mail carries a one-time token, without which it is useless.
bool holds_token(Template which);

/// Returns true if such a mail may go to an address that nobody has confirmed: a stranger's, perhaps. Its
/// text contains nothing that a user typed (username, full name, browser), because a registrant could
/// advertise with that in a stranger's mailbox. Other mails go to confirmed addresses alone.
bool may_reach_unconfirmed(Template which);

/// How long it is worth delivering a notice.
inline constexpr std::chrono::hours kNoticeLifetime{5 * 24};

/// A mail before its template is filled in.
struct Letter {
    Template which;
    std::string language;                                ///< of the template
    std::string recipient;                               ///< an address; not to be logged
    std::optional<UserId> user = {};                     ///< whose account it is about
    std::map<std::string, std::string> parameters = {};  ///< what the template names, by name
    Secret token = {};                                   ///< the one-time token; empty if the mail has none
    Secret code = {};                                    ///< the typed code; empty if the mail has none
    TimePoint give_up_at;                                ///< from then on it is of no use, and is not sent
};

}  // namespace csauth::outbox
