#pragma once

#include "base/clock.h"
#include "base/ids.h"
#include "presence/table.h"

namespace csauth::presence {

/// Shows users as present. A device is present for the length of a lease (kLease) after each sign of life: a
/// sign-in, a request with a token, a heartbeat, a live stream. Only this class writes devices to the table,
/// and the keeper when it restores what the database has.
class SignsOfLife {
public:
    SignsOfLife(Table& table, const Clock& clock) : table_{table}, clock_{clock} {}

    /// Notes a sign of life. The device keeps the status that it had; one without a status is online. If the
    /// table is full, the device is not shown.
    void note(SessionId session, UserId user) { (void)table_.show(session, user, {}, clock_.uptime()); }

    /// Notes a heartbeat, which says the status of the device. Returns false if the table is full.
    bool note(SessionId session, UserId user, Status status) {
        return table_.show(session, user, status, clock_.uptime());
    }

    /// Removes the device of a session that has ended.
    void end(SessionId session, UserId user) { table_.remove(session, user, clock_.uptime()); }

    /// Removes the devices of all sessions of the user that began before `begun_before`, except `kept`.
    void end_all(UserId user, std::optional<SessionId> kept, TimePoint begun_before) {
        table_.remove_all(user, kept, begun_before, clock_.uptime());
    }

private:
    Table& table_;
    const Clock& clock_;
};

}  // namespace csauth::presence
