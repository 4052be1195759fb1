#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "base/ids.h"
#include "presence/status.h"
#include "shm/region.h"

namespace csauth::presence {

/// A device that has not shown itself for so long is gone.
inline constexpr std::chrono::seconds kLease{60};

/// A device that is not as the database has it.
struct Change {
    SessionId session;
    UserId user;
    Status now = Status::offline;
    Status written = Status::offline;      ///< what the database has; offline for no row
    std::chrono::milliseconds unseen_for;  ///< since it has shown itself
    bool is_gone = false;                  ///< whether the user is not there any more by it, for others
    bool is_news = false;  ///< whether others see the user otherwise by it, as far as this node goes
};

/// Whose devices have shown themselves on this node, shared by the processes that are forked after this is
/// made: so that a heartbeat costs no query. A device is known by its session, of which it has one. The
/// keeper writes what has changed. Of fixed size.
///
/// Times are the machine's uptime, which nobody sets.
class Table {
public:
    static constexpr std::size_t kBuckets = 8192;
    static constexpr std::size_t kSlotsOfBucket = 16;  // all devices of a user are in one bucket

    explicit Table(std::size_t buckets = kBuckets);

    /// A process that this one forks from now on does not have it.
    void hide_from_children() const { region_.hide_from_children(); }

    /// The device is there, with this status; else with the one that it had, and online where that was none.
    /// Whoever was invisible stays so, however long they were gone, until they say otherwise.
    /// False where there is no room for it.
    bool show(SessionId session, UserId user, std::optional<Status> status, std::chrono::milliseconds uptime);

    /// The device is gone; the others of the user are as they were.
    void remove(SessionId session, UserId user);
    /// All of the user's whose sessions began before that, but one.
    void remove_all(UserId user, std::optional<SessionId> kept, TimePoint begun_before);

    /// Of the user's devices together, on this node.
    Status status_of(UserId user, std::chrono::milliseconds uptime) const;

    /// At most `most` devices that are not as the database has them, in the order of sessions.
    std::vector<Change> unwritten(std::size_t most, std::chrono::milliseconds uptime) const;

    /// The database has them as they were `now`.
    void mark_written(std::span<const Change> changes);

    /// The database has no row of this node any more.
    void forget_written();

    /// Whether the rows that this node left in the database, when it was last running, have been taken over.
    bool is_restored() const;
    void mark_restored();

    /// One of those rows: it counts as shown at `seen`, unless the device has shown itself since.
    /// False where there is no room for it.
    bool restore(SessionId session, UserId user, Status status, std::chrono::milliseconds seen);

    /// That no other node is there, for the next moments; or that one is. The keeper says it once a second.
    void note_alone(bool is_alone, std::chrono::milliseconds uptime);
    /// Whether that is known: then nobody's presence need be looked for elsewhere.
    bool is_alone(std::chrono::milliseconds uptime) const;

private:
    struct Slot;
    struct Bucket;
    struct Shared;

    Bucket& bucket_of(UserId user) const;

    std::size_t buckets_;
    shm::Region region_;
    Shared* shared_;
};

}  // namespace csauth::presence
