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

/// An account that is to be added, with its values checked.
struct NewUser {
    UserId id;
    Email email;
    Username username;
    std::string password_hash;  ///< or kNoPassword
    FullName full_name;
    Bio bio;
    std::string language;
    TimePoint created_at;
};

/// The identifiers of a new user that belong to another account, or are reserved for a former holder.
struct Taken {
    bool email = false;
    bool username = false;
    explicit operator bool() const { return email || username; }
};

/// The outcome of a conditional change.
enum class Change {
    done,
    outdated,  ///< the condition no longer holds, and nothing has changed
    taken      ///< another account has the new identifier, and nothing has changed
};

/// Changes to one's own account. Members that are nullopt are left unchanged.
struct ProfileChange {
    std::optional<Username> username = {};
    std::optional<FullName> full_name = {};
    std::optional<Bio> bio = {};
    std::optional<std::string> language = {};
    std::optional<bool> hide_presence = {};
};

/// The accounts. `now` decides whether a ban has ended. Email::key() and Username::key() are the keys.
///
/// A function that changes what tokens say, or the epoch, also recalls the user's tokens. A change of what
/// other users see is written as an event, too. Call such functions inside a transaction.
class Users {
public:
    virtual ~Users() = default;

    /// Returns nullopt if there is no such user.
    virtual std::optional<User> find(UserId id, TimePoint now) = 0;

    /// Does the same and locks the row: no other transaction changes or deletes it before this one ends.
    virtual std::optional<User> lock(UserId id, TimePoint now) = 0;

    /// Returns nullopt if no user has the address.
    virtual std::optional<User> find_by_email(std::string_view email_key, TimePoint now) = 0;

    /// These return nullopt if there is no such user. They look up nothing that an unknown account does not
    /// have, such as presence, because the time of the answer would tell the two apart.
    virtual std::optional<Credentials> credentials_by_email(std::string_view email_key, TimePoint now) = 0;
    virtual std::optional<Credentials> credentials_by_username(std::string_view username_key,
                                                               TimePoint now) = 0;
    virtual std::optional<Credentials> credentials(UserId id, TimePoint now) = 0;

    /// Returns which of the two are taken, reservations included (see Reservations). Another sign-up may take
    /// them before add().
    virtual Taken taken(std::string_view email_key, std::string_view username_key, TimePoint now) = 0;

    /// Adds the user. If the address or the username is taken, says which; the caller must then roll back,
    /// because the row may have been written. If both are taken, may name only one.
    virtual Taken add(const NewUser& user) = 0;

    /// Marks the user's address as confirmed. Returns false without a change if the address is confirmed
    /// already, is no longer `email_key`, or the epoch is no longer `epoch`.
    virtual bool mark_verified(UserId id, std::string_view email_key, Epoch epoch, TimePoint now) = 0;

    /// Marks the user's address as unconfirmed since `now`, and removes the picture. Returns false without a
    /// change if the address was not confirmed.
    virtual bool mark_unverified(UserId id, TimePoint now) = 0;

    /// Bans the user, or replaces the ban. Raises the epoch, so that nothing issued before is valid after the
    /// ban. The caller ends the sessions.
    virtual void ban(UserId id, const Ban& ban, TimePoint now) = 0;

    /// Removes the ban. If `ended` is given, removes only a ban that had ended by then. Returns true if a ban
    /// was removed.
    virtual bool lift_ban(UserId id, std::optional<TimePoint> ended = {}) = 0;

    /// Returns at most `most` users whose ban had ended by `now` and was not yet removed.
    virtual std::vector<UserId> bans_ended(std::size_t most, TimePoint now) = 0;

    /// Replaces the hash if it still is `verified`, so that a password changed meanwhile is kept. Leaves the
    /// epoch as it is, because the password is the same.
    virtual void replace_password_hash(UserId id, std::string_view verified, std::string_view new_hash) = 0;

    /// Raises the epoch by one. The caller ends the sessions.
    virtual void raise_epoch(UserId id) = 0;

    /// Sets the hash of a new password and raises the epoch, if the epoch still is `read`. Returns false
    /// otherwise. At most one of several callers with the same `read` gets true.
    virtual bool set_password(UserId id, Epoch read, std::string_view hash) = 0;

    /// Changes the address to another, confirmed one. Does not look at reservations: the caller does.
    /// Change::outdated: the address is no longer `old_key`, or the epoch no longer `read`.
    virtual Change change_email(UserId id, std::string_view old_key, Epoch read, const Email& new_email,
                                TimePoint now) = 0;

    /// Changes the members that `change` has. Returns Change::done or Change::taken, the latter if another
    /// account has the username. Does not look at reservations: the caller does.
    virtual Change change_profile(UserId id, const ProfileChange& change) = 0;

    /// Sets the picture to the files that `hash` names (User::avatar), or removes it if that is nullopt.
    virtual void set_avatar(UserId id, const std::optional<std::string>& hash) = 0;

    /// Returns true if any user has this picture.
    virtual bool is_avatar_in_use(std::string_view hash) = 0;

    /// Removes the user with all rows that depend on the user's row, if the epoch still is `read`. Returns
    /// false otherwise.
    virtual bool remove(UserId id, Epoch read) = 0;

    /// Returns at most `most` users whose address has been unconfirmed since before `moment`.
    virtual std::vector<UserId> unverified_since(TimePoint moment, std::size_t most) = 0;
};

}  // namespace csauth::users
