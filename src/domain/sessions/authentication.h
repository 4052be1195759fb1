#pragma once

#include <string>
#include <variant>

#include "base/result.h"
#include "base/transactions.h"
#include "crypto/password_hasher.h"
#include "devices/device_keys.h"
#include "limits/limiter.h"
#include "sessions/failure_log.h"
#include "sessions/ports.h"
#include "sessions/session_opener.h"
#include "users/email.h"
#include "users/password.h"
#include "users/users.h"

namespace csauth::sessions {

/// Which account somebody says is theirs: an address, or a username as it was typed.
using Identifier = std::variant<users::Email, std::string>;

/// Decides who may have a session.
///
/// From outside, an unknown account and a wrong password are alike: each costs one password hash and
/// returns invalid_credentials. Guesses are counted by account, before the hash, whoever makes them and by
/// whichever identifier; past the free ones the answer is too_many_requests, also for accounts that don't
/// exist. A device that proves by its key that the account's owner has signed in on it has a count of its
/// own, so that strangers' guesses lock nobody out. Only the owner of the right password is told of a ban
/// (account_banned) or that the address still waits for confirmation (email_unverified).
///
/// Holds references only; what it is given must outlive it. Throws what store and crypto throw when they
/// are broken.
class Authentication {
public:
    Authentication(const Ports& ports, SessionOpener& session_opener, FailureLog& failures,
                   const devices::DeviceKeys& device_keys, const crypto::PasswordHasher& hasher,
                   limits::Limiter& limiter);

    Result<OpenedSession> sign_in(const Identifier& who, const users::Password& password,
                                  const devices::DeviceClaim& device, const Origin& origin);

    /// The user with the hash that the password fits. invalid_credentials: it is not the password of that
    /// user, which is recorded. too_many_requests.
    Result<users::Credentials> check_password(UserId user, const users::Password& password,
                                              const Origin& origin);

    /// The same for a user who is signed in: strangers' guesses don't count.
    Result<users::Credentials> check_password_of_caller(UserId user, const users::Password& password,
                                                        const Origin& origin);

    /// The same for an account by its address.
    Result<users::Credentials> check_password(const users::Email& email, const users::Password& password,
                                              const Origin& origin);

private:
    std::optional<users::Credentials> find(const Identifier& who, TimePoint now);
    /// Where guesses are counted.
    struct Count {
        limits::Limit limit;
        std::string key;
    };
    Result<users::Credentials> check_counted(const std::optional<users::Credentials>& known,
                                             const Count& count, const users::Password& password,
                                             const Origin& origin);
    std::optional<DeviceId> own_device(const users::Credentials& known, std::string_view device_key);
    bool matches(const users::Password& password, const std::optional<users::Credentials>& known) const;

    users::Users& users_;
    SessionOpener& opener_;
    Transactions& transactions_;
    audit::AuditLog& audit_;
    FailureLog& failures_;
    devices::Devices& devices_;
    const devices::DeviceKeys& device_keys_;
    const crypto::PasswordHasher& hasher_;
    limits::Limiter& limiter_;
    const Clock& clock_;
};

}  // namespace csauth::sessions
