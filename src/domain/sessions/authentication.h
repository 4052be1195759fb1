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

/// The account that a client claims at sign-in: an address, or a username as it was typed.
using Identifier = std::variant<users::Email, std::string>;

/// Checks passwords and signs users in.
///
/// A caller cannot tell an unknown account from a wrong password: each costs one password hash and returns
/// `invalid_credentials`. Guesses are counted by account and before the hash, from any client and with any
/// identifier of the account. After the free ones the answer is `too_many_requests`, also for an account that
/// does not exist. A device whose key proves an earlier sign-in of the account's owner has a separate count.
/// So the guesses of strangers do not lock the owner out. A ban and a missing confirmation are told only
/// after the right password.
///
/// Keeps references to its arguments, so they must outlive it. Throws Unavailable if the database is.
class Authentication {
public:
    Authentication(const Ports& ports, SessionOpener& session_opener, FailureLog& failures,
                   const devices::DeviceKeys& device_keys, const crypto::PasswordHasher& hasher,
                   limits::Limiter& limiter);

    /// Opens a session on the claimed device, in a transaction of its own that begins after the hash. Stores
    /// the password's hash anew if the hash is outdated. Writes refusals to `failures`.
    ///
    /// `invalid_credentials`: no such account, another password, or the account changed meanwhile.
    /// `too_many_requests`: with the time to wait.
    /// `account_banned`: with the reason, and the end if there is one.
    /// `email_unverified`: the address is not confirmed.
    Result<OpenedSession> sign_in(const Identifier& who, const users::Password& password,
                                  const devices::DeviceClaim& device, const Origin& origin);

    /// Returns the user and the stored hash if the password is the user's. Does not look at bans or at the
    /// confirmation of the address. Writes refusals to `failures`.
    ///
    /// `invalid_credentials`: no such user, or another password. `too_many_requests`: with the time to wait.
    Result<users::Credentials> check_password(UserId user, const users::Password& password,
                                              const Origin& origin);

    /// Does the same for a user who is signed in. Counts these guesses apart from those of strangers.
    Result<users::Credentials> check_password_of_caller(UserId user, const users::Password& password,
                                                        const Origin& origin);

    /// Does the same for the account with this address.
    Result<users::Credentials> check_password(const users::Email& email, const users::Password& password,
                                              const Origin& origin);

private:
    std::optional<users::Credentials> find(const Identifier& who, TimePoint now);
    /// The limit and the key by which guesses are counted.
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
