#pragma once

#include "accounts/avatar.h"
#include "accounts/password_change.h"
#include "accounts/ports.h"
#include "accounts/profile.h"

namespace csauth::accounts {

/// What one request changes of an account. Members that are nullopt or false change nothing.
struct ProfileUpdateRequest {
    struct Password {
        users::Password current;
        users::NewPassword new_password;
    };
    users::ProfileChange profile = {};
    std::optional<Password> password = {};
    std::optional<std::string_view> picture = {};  ///< the bytes of its file, which must outlive the call
    bool removes_picture = false;                  ///< ignored if there is a picture
};

/// Changes profile, picture and password of one's own account in one request. Clients of the Django service
/// send such requests.
class ProfileUpdate {
public:
    ProfileUpdate(const Ports& ports, Profile& profile, Avatars& avatars, PasswordChange& password_change);

    /// Makes all changes, or none, in a transaction of its own. Returns the user as changed. A new password
    /// does what PasswordChange::change() says. Hashes and decodes before the transaction, so with a password
    /// it runs in a hash worker.
    ///
    /// Refuses as Profile::change(), Avatars::replace() and PasswordChange::change() do.
    Result<users::User> update(UserId user, SessionId kept, const ProfileUpdateRequest& request,
                               const Origin& origin);

private:
    users::Users& users_;
    Profile& profile_;
    Avatars& avatars_;
    PasswordChange& password_change_;
    Transactions& transactions_;
    const Clock& clock_;
};

}  // namespace csauth::accounts
