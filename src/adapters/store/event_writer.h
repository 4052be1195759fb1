#pragma once

#include <optional>
#include <string_view>
#include <utility>

#include "base/ids.h"
#include "db/database.h"
#include "events/rows.h"

namespace csauth::store {

/// What open streams are to be told; each is a row of the change's own transaction.
class EventWriter {
public:
    explicit EventWriter(db::Database& database) : db_{database} {}

    /// What this user may do has changed.
    void roles_changed(UserId user);

    /// The same for everybody who holds this role.
    void role_changed(std::string_view role);

    void session_ended(UserId user, SessionId session, std::string_view reason);

    /// All but `kept`.
    void sessions_ended(UserId user, std::optional<SessionId> kept, std::string_view reason);

    /// What this user, or somebody who manages users, has changed of the account.
    void profile_changed(UserId user);

    /// How others see whether the user is there.
    void presence_changed(UserId user);

    /// Whether there were any since this was asked last; they are committed, where no transaction runs.
    bool take_news() { return std::exchange(has_news_, false); }

private:
    void add(events::Kind kind, std::optional<UserId> user, std::optional<std::string_view> role,
             std::optional<SessionId> session = {}, std::optional<std::string_view> reason = {});

    db::Database& db_;
    bool has_news_ = false;
};

}  // namespace csauth::store
