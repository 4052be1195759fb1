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

/// A session's last use is worth a row when it is this much later than what the row says. A counter that was
/// not seen before is worth one at once.
inline constexpr std::chrono::seconds kWorthWriting{10};

/// What was last seen of a session.
struct Sighting {
    SessionId session;
    std::uint32_t counter = 0;  ///< the highest that a signed request has shown
    TimePoint at;
};

/// What the requests of this node have shown of their sessions, shared by the processes that are forked after
/// this is made: so that a request writes no row. The keeper writes what has changed. Of fixed size: a
/// session of which everything is written gives its place to another.
class Activity {
public:
    static constexpr std::size_t kBuckets = 8192;
    static constexpr std::size_t kSlotsOfBucket = 8;

    explicit Activity(std::size_t buckets = kBuckets);

    /// A process that this one forks from now on does not have it.
    void hide_from_children() const { region_.hide_from_children(); }

    /// False when there is no room: the caller writes the row itself.
    bool note(const Sighting& sighting);

    std::optional<Sighting> find(SessionId session) const;

    /// At most `most` that are not, or not so, in the database, in the order of their ids.
    std::vector<Sighting> unwritten(std::size_t most) const;

    /// They stand in the database now.
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
