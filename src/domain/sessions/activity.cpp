#include "sessions/activity.h"

#include <algorithm>
#include <array>
#include <mutex>
#include <new>

#include "base/uuid_hash.h"
#include "shm/mutex.h"

namespace csauth::sessions {

struct Activity::Slot {
    Sighting seen;
    Sighting written;

    bool is_free() const { return seen.session == SessionId{}; }
    bool is_unwritten() const {
        return !is_free() && (seen.counter > written.counter || seen.at >= written.at + kWorthWriting);
    }
};

struct Activity::Bucket {
    mutable shm::Mutex mutex;
    std::array<Slot, kSlotsOfBucket> slots;

    Slot* find(SessionId session) {
        const auto found = std::find_if(slots.begin(), slots.end(),
                                        [&](const Slot& slot) { return slot.seen.session == session; });
        return found == slots.end() ? nullptr : &*found;
    }

    /// Returns a free slot, or the written one whose session was unused for the longest time. Returns nullptr
    /// if all slots are unwritten.
    Slot* find_room() {
        Slot* best = nullptr;
        for (Slot& slot : slots) {
            if (slot.is_free()) return &slot;
            if (!slot.is_unwritten() && (best == nullptr || slot.seen.at < best->seen.at)) best = &slot;
        }
        return best;
    }
};

Activity::Activity(std::size_t buckets)
    : buckets_{buckets},
      region_{sizeof(Bucket) * buckets, "activity"},
      table_{static_cast<Bucket*>(region_.data())} {
    for (std::size_t i = 0; i < buckets; ++i)
        new (&table_[i].mutex) shm::Mutex;  // the slots are all zero, which means free
}

Activity::Bucket& Activity::bucket_of(SessionId session) const {
    return table_[hash_of(session.uuid) % buckets_];
}

bool Activity::note(const Sighting& sighting) {
    Bucket& bucket = bucket_of(sighting.session);
    const std::lock_guard lock{bucket.mutex};
    Slot* slot = bucket.find(sighting.session);
    if (slot == nullptr) {
        slot = bucket.find_room();
        if (slot == nullptr) return false;
        // A process that is killed between these assignments leaves a free slot.
        slot->seen = {};
        slot->written = {.session = sighting.session};
    }
    slot->seen = {.session = sighting.session,
                  .counter = std::max(slot->seen.counter, sighting.counter),
                  .at = std::max(slot->seen.at, sighting.at)};
    return true;
}

std::optional<Sighting> Activity::find(SessionId session) const {
    Bucket& bucket = bucket_of(session);
    const std::lock_guard lock{bucket.mutex};
    const Slot* slot = bucket.find(session);
    return slot == nullptr ? std::nullopt : std::optional{slot->seen};
}

std::vector<Sighting> Activity::unwritten(std::size_t most) const {
    std::vector<Sighting> found;
    for (std::size_t i = 0; i < buckets_ && found.size() < most; ++i) {
        const std::lock_guard lock{table_[i].mutex};
        for (const Slot& slot : table_[i].slots)
            if (slot.is_unwritten() && found.size() < most) found.push_back(slot.seen);
    }
    std::sort(found.begin(), found.end(), [](const Sighting& a, const Sighting& b) {
        return a.session.uuid.bytes < b.session.uuid.bytes;
    });
    return found;
}

void Activity::mark_written(std::span<const Sighting> sightings) {
    for (const Sighting& sighting : sightings) {
        Bucket& bucket = bucket_of(sighting.session);
        const std::lock_guard lock{bucket.mutex};
        if (Slot* slot = bucket.find(sighting.session)) slot->written = sighting;
    }
}

}  // namespace csauth::sessions
