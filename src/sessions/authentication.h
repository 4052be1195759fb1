#pragma once

#include <string>
#include <variant>

#include "base/result.h"
#include "base/transactions.h"
#include "crypto/password_hasher.h"
#include "sessions/admission.h"
#include "users/email.h"
#include "users/password.h"
#include "users/users.h"

namespace csauth::sessions {

/// Which account somebody says is theirs: an address, or a username as it was typed.
using Identifier = std::variant<users::Email, std::string>;

/// Decides who may have a session.
///
/// From outside, an unknown account and a wrong password are alike: each costs one password hash and
/// returns invalid_credentials. Only the owner of the right password is told of a ban (account_banned) or
/// that the address still waits for confirmation (email_unverified).
///
/// Holds references only; what it is given must outlive it. Throws what store and crypto throw when they
/// are broken.
class Authentication {
public:
    Authentication(users::Users& users, Admission& admission, Transactions& transactions,
                   audit::AuditLog& audit, const crypto::PasswordHasher& hasher, const Clock& clock);

    Result<Admitted> sign_in(const Identifier& who, const users::Password& password,
                             const devices::DeviceClaim& device, const Origin& origin);

    /// Whether this is the password of that user. A wrong one is recorded.
    bool is_password_of(UserId user, const users::Password& password, const Origin& origin);

private:
    std::optional<users::Credentials> find(const Identifier& who, TimePoint now);
    bool matches(const users::Password& password, const std::optional<users::Credentials>& known) const;
    void record_failure(const std::optional<users::Credentials>& known, const Origin& origin,
                        std::string why);

    users::Users& users_;
    Admission& admission_;
    Transactions& transactions_;
    audit::AuditLog& audit_;
    const crypto::PasswordHasher& hasher_;
    const Clock& clock_;
};

}  // namespace csauth::sessions
