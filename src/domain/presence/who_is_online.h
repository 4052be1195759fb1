#pragma once

#include <map>
#include <optional>
#include <span>
#include <vector>

#include "base/clock.h"
#include "presence/presences.h"
#include "presence/table.h"

namespace csauth::presence {

/// Who asks.
struct Viewer {
    UserId id;
    bool sees_hidden = false;  ///< who manages users
};

/// How somebody looks to a viewer.
struct Seen {
    UserId user;
    Status status = Status::offline;
    std::optional<TimePoint> last_seen = {};
};

/// What a viewer sees of a user who is `status`. Nobody sees an invisible one but that user; and strangers
/// see nothing of whoever hides from them.
Seen seen_by(const Viewer& viewer, const Record& record, Status status, TimePoint now);

/// What is known of a user, whoever asks.
struct Known {
    Record record;
    Status status = Status::offline;  ///< of all their devices, here and elsewhere
};

/// Says who is online.
class WhoIsOnline {
public:
    /// Those of whom something is known: users that there are, with a confirmed address.
    using AllKnown = std::map<decltype(Uuid::bytes), Known>;

    WhoIsOnline(Presences& presences, const Table& table, const Clock& clock)
        : presences_{presences}, table_{table}, clock_{clock} {}

    /// One for each of `users`, in their order, which are at most kMostAsked; who there is not looks as
    /// somebody who hides. Of this node it is the present, of others as of a second ago.
    std::vector<Seen> look(std::span<const UserId> users, const Viewer& viewer) {
        return look(users, viewer, known_of(users));
    }

    /// The same in two steps, for who needs the first for more than that.
    AllKnown known_of(std::span<const UserId> users);
    std::vector<Seen> look(std::span<const UserId> users, const Viewer& viewer, const AllKnown& known) const;

private:
    Presences& presences_;
    const Table& table_;
    const Clock& clock_;
};

}  // namespace csauth::presence
