#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "shm/region.h"

namespace csauth::sessions {

/// A sighting is written if it is this much later than the written one. A higher counter is written at once.
inline constexpr std::chrono::seconds kWorthWriting{10};

/// The last request that was seen with an access token of a session.
struct Sighting {
    SessionId session;
    std::uint32_t counter = 0;  ///< the highest counter that an access token has shown
    TimePoint at;
};

/// The sightings of this node, so that a request need not write a row. Lies in memory of fixed size that is
/// shared by the processes forked after the constructor. The keeper writes the changes to the database once a
/// second. A session whose sightings are all written may lose its place to another session.
class Activity {
public:
    static constexpr std::size_t kBuckets = 8192;
    static constexpr std::size_t kSlotsOfBucket = 8;

    explicit Activity(std::size_t buckets = kBuckets);

    /// Processes that this one forks from now on cannot see the memory.
    void hide_from_children() const { region_.hide_from_children(); }

    /// Keeps the higher counter and the later time of this and the earlier sighting. Returns false if there
    /// is no room; the caller then writes the row itself.
    bool note(const Sighting& sighting);

    /// Returns nullopt if no sighting of the session is in memory, which says nothing about the database.
    std::optional<Sighting> find(SessionId session) const;

    /// Returns at most `most` sightings that the database should get now (kWorthWriting), sorted by id.
    std::vector<Sighting> unwritten(std::size_t most) const;

    /// Records that the database has these sightings. Call it after they were committed.
    void mark_written(std::span<const Sighting> sightings);

private:
    struct Slot;
    struct Bucket;

    Bucket& bucket_of(SessionId session) const;

    std::size_t buckets_;
    shm::Region region_;
    Bucket* table_;
};

}  // namespace csauth::sessions
