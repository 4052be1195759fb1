#pragma once

#include "db/database.h"
#include "recall/recall.h"
#include "store/event_writer.h"
#include "store/node.h"
#include "store/user_row.h"
#include "users/users.h"

namespace csauth::store {

/// Implements users::Users over the table `users`. Posts recalls and writes events in the transaction of the
/// change.
class Users final : public users::Users {
public:
    /// `here`: the users that are present on this node. `node`: this node.
    Users(db::Database& database, recall::Recalls& recalls, EventWriter& events, const HereOnThisNode& here,
          const NodeId& node)
        : db_{database}, recalls_{recalls}, events_{events}, here_{here}, node_{node} {}

    std::optional<users::User> find(UserId id, TimePoint now) override;
    std::optional<users::User> lock(UserId id, TimePoint now) override;
    std::optional<users::User> find_by_email(std::string_view email_key, TimePoint now) override;
    std::optional<users::Credentials> credentials_by_email(std::string_view email_key,
                                                           TimePoint now) override;
    std::optional<users::Credentials> credentials_by_username(std::string_view username_key,
                                                              TimePoint now) override;
    std::optional<users::Credentials> credentials(UserId id, TimePoint now) override;
    users::Taken taken(std::string_view email_key, std::string_view username_key, TimePoint now) override;
    users::Taken add(const users::NewUser& user) override;
    bool mark_verified(UserId id, std::string_view email_key, users::Epoch epoch, TimePoint now) override;
    bool mark_unverified(UserId id, TimePoint now) override;
    void ban(UserId id, const users::Ban& ban, TimePoint now) override;
    bool lift_ban(UserId id, std::optional<TimePoint> ended) override;
    std::vector<UserId> bans_ended(std::size_t most, TimePoint now) override;
    void replace_password_hash(UserId id, std::string_view verified, std::string_view new_hash) override;
    void raise_epoch(UserId id) override;
    bool set_password(UserId id, users::Epoch read, std::string_view hash) override;
    users::Change change_email(UserId id, std::string_view old_key, users::Epoch read,
                               const users::Email& new_email, TimePoint now) override;
    users::Change change_profile(UserId id, const users::ProfileChange& change) override;
    void set_avatar(UserId id, const std::optional<std::string>& hash) override;
    bool is_avatar_in_use(std::string_view hash) override;
    bool remove(UserId id, users::Epoch read) override;

    /// Returns at most `most` accounts whose address has been unconfirmed since before `moment`.
    std::vector<UserId> unverified_since(TimePoint moment, std::size_t most) override;

private:
    std::optional<users::User> find_here(UserId id, TimePoint now);
    bool is_elsewhere(UserId id);

    /// Recalls the tokens of the user if rows have changed. Returns whether they have.
    bool recalled(UserId id, std::uint64_t changed_rows);

    db::Database& db_;
    recall::Recalls& recalls_;
    EventWriter& events_;
    const HereOnThisNode& here_;
    NodeId node_;
};

}  // namespace csauth::store
