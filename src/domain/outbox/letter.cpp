#include "outbox/letter.h"

#include <stdexcept>

namespace csauth::outbox {

std::string_view name_of(Template which) {
    switch (which) {
        case Template::verify_email: return "verify_email";
        case Template::already_registered: return "already_registered";
        case Template::session_ended: return "session_ended";
        case Template::reset_password: return "reset_password";
        case Template::password_changed: return "password_changed";
        case Template::change_email: return "change_email";
        case Template::email_changed: return "email_changed";
        case Template::new_device: return "new_device";
        case Template::account_deleted: return "account_deleted";
        case Template::account_removed: return "account_removed";
        case Template::account_banned: return "account_banned";
        case Template::account_suspended: return "account_suspended";
        case Template::ban_lifted: return "ban_lifted";
        case Template::invitation: return "invitation";
    }
    throw std::logic_error("a Template without a name");
}

bool holds_token(Template which) {
    switch (which) {
        case Template::verify_email:
        case Template::reset_password:
        case Template::change_email:
        case Template::email_changed:
        case Template::invitation: return true;
        case Template::already_registered:
        case Template::session_ended:
        case Template::password_changed:
        case Template::new_device:
        case Template::account_deleted:
        case Template::account_removed:
        case Template::account_banned:
        case Template::account_suspended:
        case Template::ban_lifted: return false;
    }
    throw std::logic_error("a Template that is unknown");
}

bool may_reach_unconfirmed(Template which) {
    switch (which) {
        case Template::verify_email:
        case Template::already_registered:
        case Template::reset_password:
        case Template::change_email:
        case Template::invitation: return true;
        case Template::session_ended:
        case Template::password_changed:
        case Template::email_changed:
        case Template::new_device:
        case Template::account_deleted:
        case Template::account_removed:
        case Template::account_banned:
        case Template::account_suspended:
        case Template::ban_lifted: return false;
    }
    throw std::logic_error("a Template that is unknown");
}

std::optional<Template> template_named(std::string_view name) {
    for (const Template which : kAllTemplates)
        if (name_of(which) == name) return which;
    return std::nullopt;
}

}  // namespace csauth::outbox
