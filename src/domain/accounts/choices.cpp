#include "accounts/choices.h"

#include <array>

namespace csauth::accounts {
Result<void> refuse_guessable(std::string_view field, const users::NewPassword& password,
                              std::string_view username, std::string_view email, std::string_view full_name,
                              const users::ContextWords& context) {
    const std::array<std::string_view, 3> identifiers{username, email, full_name};
    if (users::resembles_account(password.reveal(), identifiers))
        return invalid_field(field, FieldCode::resembles_account,
                             "The password is too much like the username, the address or the name.");
    if (context.make_up(password.reveal()))
        return invalid_field(field, FieldCode::predictable_password,
                             "The password is little more than the name of this site or its address.");
    return {};
}

Result<void> refuse_web_address(const users::Username& name) {
    if (!users::looks_like_web_address(name)) return {};
    return invalid_field("username", FieldCode::invalid, "A name may not look like a web address.");
}

}  // namespace csauth::accounts
