#pragma once

#include <optional>
#include <string_view>
#include <utility>

#include "base/ids.h"
#include "db/database.h"
#include "events/rows.h"

namespace csauth::store {

/// Writes events for open streams. Each is a row in the transaction of the change that it reports.
class EventWriter {
public:
    explicit EventWriter(db::Database& database) : db_{database} {}

    /// Reports that the rights of this user have changed.
    void roles_changed(UserId user);

    /// Reports the same for all users that have this role.
    void role_changed(std::string_view role);

    /// Reports that one session has ended. `reason` is the name of a sessions::EndReason.
    void session_ended(UserId user, SessionId session, std::string_view reason);

    /// Reports that all sessions of the user but `kept` have ended; nullopt: all of them.
    void sessions_ended(UserId user, std::optional<SessionId> kept, std::string_view reason);

    /// Reports that the user or an administrator has changed the account.
    void profile_changed(UserId user);

    /// Reports that others may see the user's presence differently.
    void presence_changed(UserId user);

    /// Returns true if events were written since the last call. Call it after the transaction, to ring the
    /// bell: the events are then committed, unless the transaction was rolled back.
    bool take_news() { return std::exchange(has_news_, false); }

private:
    void add(events::Kind kind, std::optional<UserId> user, std::optional<std::string_view> role,
             std::optional<SessionId> session = {}, std::optional<std::string_view> reason = {});

    db::Database& db_;
    bool has_news_ = false;
};

}  // namespace csauth::store
