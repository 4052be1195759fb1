#pragma once

#include "base/clock.h"
#include "base/ids.h"
#include "presence/table.h"

namespace csauth::presence {

/// Shows users as present. A device is present for the length of a lease (kLease) after each sign of life:
/// signing in, a request with a token, a heartbeat, a live stream. Nothing else writes to the table but the
/// keeper, which restores what the database has.
class SignsOfLife {
public:
    SignsOfLife(Table& table, const Clock& clock) : table_{table}, clock_{clock} {}

    /// The device keeps the status that it had, or is online.
    void note(SessionId session, UserId user) { (void)table_.show(session, user, {}, clock_.uptime()); }

    /// A heartbeat. Returns false if the table is full.
    bool note(SessionId session, UserId user, Status status) {
        return table_.show(session, user, status, clock_.uptime());
    }

    /// The session has ended.
    void end(SessionId session, UserId user) { table_.remove(session, user, clock_.uptime()); }

    /// All sessions of the user that began before `begun_before` have ended, except `kept`.
    void end_all(UserId user, std::optional<SessionId> kept, TimePoint begun_before) {
        table_.remove_all(user, kept, begun_before, clock_.uptime());
    }

private:
    Table& table_;
    const Clock& clock_;
};

}  // namespace csauth::presence
