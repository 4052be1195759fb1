#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

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

/// What became of a conditional change.
enum class Change { done, outdated, taken };

/// What a person changes of their own account; what is nothing stays.
struct ProfileChange {
    std::optional<Username> username = {};
    std::optional<FullName> full_name = {};
    std::optional<Bio> bio = {};
    std::optional<std::string> language = {};
    std::optional<bool> hide_presence = {};
};

/// Who exists. `now` decides whether a ban still lasts.
class Users {
public:
    virtual ~Users() = default;

    virtual std::optional<User> find(UserId id, TimePoint now) = 0;

    /// The same; and nobody changes or deletes the user before the transaction ends.
    virtual std::optional<User> lock(UserId id, TimePoint now) = 0;
    virtual std::optional<User> find_by_email(std::string_view email_key, TimePoint now) = 0;
    virtual std::optional<Credentials> credentials_by_email(std::string_view email_key, TimePoint now) = 0;
    virtual std::optional<Credentials> credentials_by_username(std::string_view username_key,
                                                               TimePoint now) = 0;
    virtual std::optional<Credentials> credentials(UserId id, TimePoint now) = 0;

    /// Taken is also what is held for a former holder (see Reservations).
    virtual Taken taken(std::string_view email_key, std::string_view username_key, TimePoint now) = 0;

    /// Adds the user, unless a rival was faster with the address or the name: then says which.
    virtual Taken add(const NewUser& user) = 0;

    /// The address counts as confirmed if it is still the user's, and the epoch has not moved on. Says
    /// whether it became so now.
    virtual bool mark_verified(UserId id, std::string_view email_key, Epoch epoch, TimePoint now) = 0;

    /// The address no longer counts as confirmed, and from `now` on has the time of a new one. Takes the
    /// picture away. Returns whether the address was confirmed.
    virtual bool mark_unverified(UserId id, TimePoint now) = 0;

    /// Bans the user, whether they were banned or not; with a new epoch, so that nothing from before is good
    /// when the ban ends.
    virtual void ban(UserId id, const Ban& ban, TimePoint now) = 0;

    /// Says whether there was a ban to lift; of those that had come to their end by `ended`, where that is
    /// given.
    virtual bool lift_ban(UserId id, std::optional<TimePoint> ended = {}) = 0;

    /// Users whose ban came to its end before `now`, at most `most`.
    virtual std::vector<UserId> bans_ended(std::size_t most, TimePoint now) = 0;

    /// Replaces just the hash that was verified: a password that was changed meanwhile stays.
    virtual void replace_password_hash(UserId id, std::string_view verified, std::string_view new_hash) = 0;

    virtual void raise_epoch(UserId id) = 0;

    /// A new password, and a new epoch, if the epoch still is `read`: of several callers one gets true.
    virtual bool set_password(UserId id, Epoch read, std::string_view hash) = 0;

    /// The address becomes another, confirmed one if it still is `old_key`, and the epoch still is `read`.
    /// Whether the new one is held for somebody, the caller looks.
    virtual Change change_email(UserId id, std::string_view old_key, Epoch read, const Email& new_email,
                                TimePoint now) = 0;

    /// Changes what is there in `change`; Change::taken when a rival was faster with the username.
    virtual Change change_profile(UserId id, const ProfileChange& change) = 0;

    /// The files of the picture that the user shows; nothing for none.
    virtual void set_avatar(UserId id, const std::optional<std::string>& hash) = 0;

    /// Whether somebody shows that picture.
    virtual bool is_avatar_in_use(std::string_view hash) = 0;

    /// Removes the user with all that hangs on the row, if the epoch still is `read`; says whether.
    virtual bool remove(UserId id, Epoch read) = 0;

    /// Users whose address has waited for its confirmation since before `moment`, at most `most`.
    virtual std::vector<UserId> unverified_since(TimePoint moment, std::size_t most) = 0;
};

}  // namespace csauth::users
