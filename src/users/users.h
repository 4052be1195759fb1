#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "users/email.h"
#include "users/profile.h"
#include "users/user.h"
#include "users/username.h"

namespace csauth::users {

struct NewUser {
    UserId id;
    Email email;
    Username username;
    std::string password_hash;
    FullName full_name;
    Bio bio;
    std::string language;
    TimePoint created_at;
};

/// Which identifiers of a new user belong to somebody already.
struct Taken {
    bool email = false;
    bool username = false;
    explicit operator bool() const { return email || username; }
};

/// Who exists. `now` decides whether a ban still lasts.
class Users {
public:
    virtual ~Users() = default;

    virtual std::optional<User> find(UserId id, TimePoint now) = 0;
    virtual std::optional<User> find_by_email(std::string_view email_key, TimePoint now) = 0;
    virtual std::optional<Credentials> credentials_by_email(std::string_view email_key, TimePoint now) = 0;
    virtual std::optional<Credentials> credentials_by_username(std::string_view username_key,
                                                               TimePoint now) = 0;
    virtual std::optional<Credentials> credentials(UserId id, TimePoint now) = 0;

    virtual Taken taken(std::string_view email_key, std::string_view username_key) = 0;

    /// Adds the user, unless a rival was faster with the address or the name: then says which.
    virtual Taken add(const NewUser& user) = 0;

    /// The address counts as confirmed if it is still the user's, and the epoch has not moved on. Says
    /// whether it became so now.
    virtual bool mark_verified(UserId id, std::string_view email_key, Epoch epoch, TimePoint now) = 0;

    /// Replaces just the hash that was verified: a password that was changed meanwhile stays.
    virtual void replace_password_hash(UserId id, std::string_view verified, std::string_view fresh) = 0;

    virtual void raise_epoch(UserId id) = 0;
};

}  // namespace csauth::users
