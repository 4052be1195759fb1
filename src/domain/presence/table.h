#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/ids.h"
#include "presence/status.h"
#include "shm/region.h"

namespace csauth::presence {

/// A device without a sign of life for this long is gone.
inline constexpr std::chrono::seconds kLease{60};

/// A device whose status in the database is out of date.
struct Change {
    SessionId session;
    UserId user;
    Status now = Status::offline;
    Status written = Status::offline;      ///< what the database has; offline if it has no row
    std::chrono::milliseconds unseen_for;  ///< since the device's last sign of life

    /// Others may have seen the user go offline because of it.
    bool is_gone = false;

    /// Others may have seen the status of the user change because of it, as far as this node knows.
    bool is_news = false;

    std::uint16_t steps = 0;  ///< lets mark_written() detect a change that came meanwhile
};

/// The devices that have shown a sign of life on this node. The table is in memory that is shared by all
/// processes forked after it is made. A heartbeat therefore costs no query; the keeper writes the changes to
/// the database once a second. A device is known by its session, because it has only one.
///
/// The memory has a fixed size. All devices of a user are in one bucket, which has `kSlotsOfBlock` places and
/// takes further blocks from a pool that all buckets share. So a device is refused only when the whole pool
/// is in use.
///
/// Times are the machine's uptime, which nobody can set.
class Table {
public:
    static constexpr std::size_t kBuckets = 8192;
    static constexpr std::size_t kSpareBlocks = 8192;
    static constexpr std::size_t kSlotsOfBlock = 16;

    /// An invisible device that is away keeps its place for this long, so that it is invisible when it is
    /// back. A new device gets it only if the table is full.
    static constexpr std::chrono::hours kInvisibleKept{24};

    /// Creates an empty table. Throws if there is not enough memory.
    explicit Table(std::size_t buckets = kBuckets, std::size_t spare_blocks = kSpareBlocks);

    /// Processes that this one forks from now on do not have the table.
    void hide_from_children() const { region_.hide_from_children(); }

    /// Notes a sign of life. Without `status` the device keeps the one that it had, and is online if it had
    /// none. An invisible device stays invisible until it states another status, even after its lease has
    /// expired. Returns false if the table is full.
    bool show(SessionId session, UserId user, std::optional<Status> status, std::chrono::milliseconds uptime);

    /// Removes the device. The user's other devices keep their status.
    void remove(SessionId session, UserId user, std::chrono::milliseconds uptime);

    /// Removes all devices of the user whose sessions began before `begun_before`, except `kept`.
    void remove_all(UserId user, std::optional<SessionId> kept, TimePoint begun_before,
                    std::chrono::milliseconds uptime);

    /// Returns the status of the user's devices on this node together.
    Status status_of(UserId user, std::chrono::milliseconds uptime) const;

    /// Returns at most `most` devices whose change is not in the database, ordered by session. A change that
    /// was undone before it was written is among them if others may have seen it.
    std::vector<Change> unwritten(std::size_t most, std::chrono::milliseconds uptime) const;

    /// Records that the database has these changes. Later changes of the same devices stay unwritten.
    void mark_written(std::span<const Change> changes);

    /// Records that the database has no row of this node any longer: every present device is unwritten again.
    void forget_written();

    /// Gives blocks that buckets no longer need back to the pool. The keeper calls it every few seconds.
    void release_blocks(std::chrono::milliseconds uptime);

    /// Returns true if the rows that this node left in the database when it last ran have been taken over.
    bool is_restored() const;

    /// Records that they have been taken over, or that there is nothing to take over.
    void mark_restored();

    /// Takes over one of those rows. The device counts as seen at `seen`, unless it was seen since.
    /// Returns false if the table is full.
    bool restore(SessionId session, UserId user, Status status, std::chrono::milliseconds seen);

    /// Records for the next few seconds whether this is the only node. The keeper calls it once a second.
    void note_alone(bool is_alone, std::chrono::milliseconds uptime);

    /// Returns true if it was found within the last few seconds that no other node runs. Presence then need
    /// not be looked up elsewhere.
    bool is_alone(std::chrono::milliseconds uptime) const;

private:
    struct Slot;
    struct Block;
    struct Bucket;
    struct SpareBlock;
    struct Shared;
    class Chain;

    std::size_t bucket_of(UserId user) const;
    SpareBlock& spare(std::size_t number) const;

    std::size_t buckets_;
    std::size_t spare_blocks_;
    shm::Region region_;
    Shared* shared_;
};

}  // namespace csauth::presence
