#pragma once

#include <map>
#include <optional>
#include <span>
#include <vector>

#include "base/clock.h"
#include "presence/presences.h"
#include "presence/table.h"

namespace csauth::presence {

/// The user who asks.
struct Viewer {
    UserId id;
    bool sees_hidden = false;  ///< the viewer manages users, and sees those who hide
};

/// How a user looks to a viewer.
struct Seen {
    UserId user;
    Status status = Status::offline;
    std::optional<TimePoint> last_seen = {};  ///< now if the user is present; nullopt if unknown or hidden
};

/// Returns how the user of `record`, whose status is `status`, looks to the viewer. An invisible user looks
/// offline to everybody else. A user who hides looks offline and was never seen, except to themself and to
/// viewers with `sees_hidden`.
Seen seen_by(const Viewer& viewer, const Record& record, Status status, TimePoint now);

/// What is known about a user, before the rules for the viewer are applied.
struct Known {
    Record record;
    Status status = Status::offline;  ///< of all their devices, on this node and on others
};

/// Says who is online. Throws Unavailable if the database is unavailable.
class WhoIsOnline {
public:
    /// What is known, by the bytes of the user's id. It has only users who exist and have a confirmed
    /// address.
    using AllKnown = std::map<decltype(Uuid::bytes), Known>;

    WhoIsOnline(Presences& presences, const Table& table, const Clock& clock)
        : presences_{presences}, table_{table}, clock_{clock} {}

    /// Returns one entry for each of `users`, in their order. `users`: at most kMostAsked. Unknown users look
    /// like hidden ones. Presence on this node is current; on other nodes it is up to one second old.
    std::vector<Seen> look(std::span<const UserId> users, const Viewer& viewer) {
        return look(users, viewer, known_of(users));
    }

    /// The first half of look(): asks the database. For callers who also need the result for something else.
    AllKnown known_of(std::span<const UserId> users);

    /// The second half of look(): asks nobody.
    std::vector<Seen> look(std::span<const UserId> users, const Viewer& viewer, const AllKnown& known) const;

private:
    Presences& presences_;
    const Table& table_;
    const Clock& clock_;
};

}  // namespace csauth::presence
