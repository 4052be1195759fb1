#include "presence/table.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <mutex>
#include <new>

#include "shm/mutex.h"

namespace csauth::presence {

using std::chrono::milliseconds;

struct Table::Slot {
    SessionId session;
    UserId user;
    milliseconds seen;
    Status status;
    Status written;

    bool is_free() const { return session == SessionId{}; }
    Status at(milliseconds uptime) const {
        return is_free() || uptime >= seen + kLease ? Status::offline : status;
    }
    /// Nothing is lost when another takes the slot; but who was invisible should stay so.
    bool is_idle(milliseconds uptime) const {
        return at(uptime) == Status::offline && written == Status::offline;
    }
};

struct Table::Bucket {
    mutable shm::Mutex mutex;
    std::array<Slot, kSlotsOfBucket> slots;

    Slot* find(SessionId session) {
        const auto found = std::find_if(slots.begin(), slots.end(),
                                        [&](const Slot& slot) { return slot.session == session; });
        return found == slots.end() ? nullptr : &*found;
    }

    /// Makes one the session's; nullptr where there is no room. Whoever dies in the middle of it leaves a
    /// free slot, or one that is offline.
    Slot* claim(SessionId session, UserId user, milliseconds uptime) {
        Slot* const slot = find_room(uptime);
        if (slot == nullptr) return nullptr;
        *slot = {};
        slot->user = user;
        std::atomic_signal_fence(std::memory_order_seq_cst);
        slot->session = session;
        std::atomic_signal_fence(std::memory_order_seq_cst);
        return slot;
    }

    /// A free one, or an idle one that was seen the longest ago.
    Slot* find_room(milliseconds uptime) {
        Slot* best = nullptr;
        for (Slot& slot : slots) {
            if (slot.is_free()) return &slot;
            if (slot.is_idle(uptime) && (best == nullptr || slot.seen < best->seen)) best = &slot;
        }
        return best;
    }

    template <class StatusOf>
    Status together_of(UserId user, StatusOf status_of) const {
        Status all = Status::offline;
        for (const Slot& slot : slots)
            if (!slot.is_free() && slot.user == user) all = together(all, status_of(slot));
        return all;
    }
};

struct Table::Shared {
    std::atomic<bool> is_restored;
    std::atomic<std::int64_t> alone_until;  ///< in milliseconds of uptime
    Bucket buckets[1];                      // as many as the region has room for
};

Table::Table(std::size_t buckets)
    : buckets_{buckets},
      region_{sizeof(Shared) + sizeof(Bucket) * (buckets - 1), "presence"},
      shared_{static_cast<Shared*>(region_.data())} {
    for (std::size_t i = 0; i < buckets; ++i)
        new (&shared_->buckets[i].mutex) shm::Mutex;  // the slots are zero: free
}

Table::Bucket& Table::bucket_of(UserId user) const {
    std::uint64_t random = 0;  // the tail of a version 7 UUID
    std::memcpy(&random, user.uuid.bytes.data() + sizeof random, sizeof random);
    return shared_->buckets[(random * 0x9e3779b97f4a7c15U >> 16U) % buckets_];
}

bool Table::show(SessionId session, UserId user, std::optional<Status> status, milliseconds uptime) {
    Bucket& bucket = bucket_of(user);
    const std::lock_guard lock{bucket.mutex};
    Slot* slot = bucket.find(session);
    if (slot == nullptr) slot = bucket.claim(session, user, uptime);
    if (slot == nullptr) return false;
    const bool was_gone = slot->at(uptime) == Status::offline && slot->status != Status::invisible;
    slot->status = status.value_or(was_gone ? Status::online : slot->status);
    slot->seen = std::max(slot->seen, uptime);
    return true;
}

void Table::remove(SessionId session, UserId user) {
    Bucket& bucket = bucket_of(user);
    const std::lock_guard lock{bucket.mutex};
    if (Slot* slot = bucket.find(session)) slot->status = Status::offline;
}

void Table::remove_all(UserId user, std::optional<SessionId> kept, TimePoint begun_before) {
    const auto end = Uuid::first_of(begun_before).bytes;  // ids of sessions sort by when they were made
    Bucket& bucket = bucket_of(user);
    const std::lock_guard lock{bucket.mutex};
    for (Slot& slot : bucket.slots)
        if (slot.user == user && slot.session != kept && slot.session.uuid.bytes < end)
            slot.status = Status::offline;
}

Status Table::status_of(UserId user, milliseconds uptime) const {
    const Bucket& bucket = bucket_of(user);
    const std::lock_guard lock{bucket.mutex};
    return bucket.together_of(user, [&](const Slot& slot) { return slot.at(uptime); });
}

std::vector<Change> Table::unwritten(std::size_t most, milliseconds uptime) const {
    std::vector<Change> found;
    for (std::size_t i = 0; i < buckets_ && found.size() < most; ++i) {
        const Bucket& bucket = shared_->buckets[i];
        const std::lock_guard lock{bucket.mutex};
        for (const Slot& slot : bucket.slots) {
            if (slot.is_free() || slot.at(uptime) == slot.written || found.size() >= most) continue;
            const auto before = bucket.together_of(slot.user, [](const Slot& s) { return s.written; });
            const auto after = bucket.together_of(slot.user, [&](const Slot& s) { return s.at(uptime); });
            found.push_back({.session = slot.session,
                             .user = slot.user,
                             .now = slot.at(uptime),
                             .written = slot.written,
                             .unseen_for = uptime - slot.seen,
                             .is_gone = shown_to_others(before) != Status::offline &&
                                        shown_to_others(after) == Status::offline,
                             .is_news = shown_to_others(before) != shown_to_others(after)});
        }
    }
    std::sort(found.begin(), found.end(),
              [](const Change& a, const Change& b) { return a.session.uuid.bytes < b.session.uuid.bytes; });
    return found;
}

void Table::mark_written(std::span<const Change> changes) {
    for (const Change& change : changes) {
        Bucket& bucket = bucket_of(change.user);
        const std::lock_guard lock{bucket.mutex};
        if (Slot* slot = bucket.find(change.session)) slot->written = change.now;
    }
}

void Table::forget_written() {
    for (std::size_t i = 0; i < buckets_; ++i) {
        const std::lock_guard lock{shared_->buckets[i].mutex};
        for (Slot& slot : shared_->buckets[i].slots)
            slot.written = Status::offline;
    }
}

bool Table::is_restored() const { return shared_->is_restored.load(); }

void Table::mark_restored() { shared_->is_restored.store(true); }

void Table::note_alone(bool is_alone, milliseconds uptime) {
    constexpr milliseconds a_few_turns_of_the_keeper{3000};
    shared_->alone_until.store(is_alone ? (uptime + a_few_turns_of_the_keeper).count() : 0);
}

bool Table::is_alone(milliseconds uptime) const { return uptime.count() < shared_->alone_until.load(); }

bool Table::restore(SessionId session, UserId user, Status status, milliseconds seen) {
    Bucket& bucket = bucket_of(user);
    const std::lock_guard lock{bucket.mutex};
    Slot* slot = bucket.find(session);
    if (slot == nullptr) {
        slot = bucket.claim(session, user, seen);
        if (slot == nullptr) return false;
        slot->seen = seen;
        slot->status = status;
    }
    slot->written = status;
    return true;
}

}  // namespace csauth::presence
