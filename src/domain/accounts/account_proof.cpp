#include "accounts/account_proof.h"

namespace csauth::accounts {

Result<void> require_proof(sessions::Authentication& authentication, UserId owner, const AccountProof& proof,
                           const Origin& origin) {
    if (proof.caller == owner) return {};
    if (proof.password) {
        const auto proven = authentication.check_password(owner, *proof.password, origin);
        if (proven) return {};
        if (proven.error().code != ErrorCode::invalid_credentials) return proven.error();
        return Error{.code = ErrorCode::invalid_credentials,
                     .detail = "This is not the password of the account."};
    }
    if (proof.caller)
        return Error{.code = ErrorCode::permission_denied, .detail = "This link belongs to another account."};
    return Error{
        .code = ErrorCode::authentication_required,
        .detail = "Sign in to the account that the link belongs to, or send its password with the token."};
}

Error wrong_password_in(std::string_view field, const Error& error) {
    if (error.code != ErrorCode::invalid_credentials) return error;
    return invalid_field(field, FieldCode::incorrect, "This is not the password of the account.");
}

}  // namespace csauth::accounts
