#include "outbox/letter.h"

#include <stdexcept>

#include "base/enum_names.h"

namespace csauth::outbox {
namespace {

constexpr EnumNames kTemplateNames{std::to_array<NameOf<Template>>({
    {Template::verify_email, "verify_email"},
    {Template::already_registered, "already_registered"},
    {Template::session_ended, "session_ended"},
    {Template::reset_password, "reset_password"},
    {Template::password_changed, "password_changed"},
    {Template::change_email, "change_email"},
    {Template::email_changed, "email_changed"},
    {Template::new_device, "new_device"},
    {Template::account_deleted, "account_deleted"},
    {Template::account_removed, "account_removed"},
    {Template::account_banned, "account_banned"},
    {Template::account_suspended, "account_suspended"},
    {Template::ban_lifted, "ban_lifted"},
    {Template::invitation, "invitation"},
})};

}  // namespace

std::string_view name_of(Template which) { return kTemplateNames.of(which); }

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

std::optional<Template> template_named(std::string_view name) { return kTemplateNames.find(name); }

}  // namespace csauth::outbox
