#include "presence/table.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <new>

#include "base/uuid_hash.h"
#include "shm/mutex.h"

namespace csauth::presence {

using std::chrono::milliseconds;

struct Table::Slot {
    SessionId session;
    UserId user;
    milliseconds seen;
    Status status;
    Status written;
    std::uint16_t steps;          ///< changes that others could see
    std::uint16_t written_steps;  ///< `steps` when it was last written

    bool is_free() const { return session == SessionId{}; }
    Status at(milliseconds uptime) const {
        return is_free() || uptime >= seen + kLease ? Status::offline : status;
    }
    bool is_unwritten(milliseconds uptime) const {
        return !is_free() && (at(uptime) != written || steps != written_steps);
    }
    /// Returns true if the place can be given to another device. At most the wish to be invisible is lost.
    bool is_idle(milliseconds uptime) const { return at(uptime) == Status::offline && !is_unwritten(uptime); }
    /// Returns true if nothing is lost when the place is given to another device.
    bool is_forgettable(milliseconds uptime) const {
        return is_idle(uptime) && (status != Status::invisible || uptime >= seen + kInvisibleKept);
    }
};

struct Table::Block {
    std::atomic<std::uint32_t> next;  ///< one more than the number of the next spare block; 0 for the last
    std::array<Slot, kSlotsOfBlock> slots;
};

struct Table::Bucket {
    shm::Mutex mutex;
    Block first;
};

struct Table::SpareBlock {
    std::atomic<std::uint32_t> owner;  ///< one more than the number of the bucket; 0 if the block is free
    Block block;
};

/// The buckets are followed by the spare blocks.
struct Table::Shared {
    std::atomic<bool> is_restored;
    std::atomic<std::int64_t> alone_until;  ///< in milliseconds of uptime
    std::atomic<std::uint32_t> next_spare;  ///< where to begin looking for a free block
    Bucket buckets[1];                      // as many as the region has room for
};

/// The places of a bucket, in all of its blocks. Holds the bucket's lock.
///
/// A process may be killed in the middle of a change. At worst it leaves a free place, or a spare block that
/// its bucket owns but has not linked. The next search for a block finds that one.
class Table::Chain {
public:
    Chain(const Table& table, std::size_t number)
        : table_{table}, number_{number}, bucket_{table.shared_->buckets[number]}, lock_{bucket_.mutex} {}

    template <class Do>
    void each(Do act) const {
        for (Block* block = &bucket_.first; block != nullptr; block = after(*block))
            for (Slot& slot : block->slots)
                act(slot);
    }

    Slot* find(SessionId session) const {
        Slot* found = nullptr;
        each([&](Slot& slot) {
            if (slot.session == session) found = &slot;
        });
        return found;
    }

    /// Gives the device a place. Returns nullptr if the table is full.
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

    /// Runs `change`. Counts it for `slot` if it changes how others see the user of the slot.
    template <class Do>
    void count(Slot& slot, milliseconds uptime, Do change) const {
        const auto before = shown_to_others(status_of(slot.user, uptime));
        change();
        if (shown_to_others(status_of(slot.user, uptime)) != before) ++slot.steps;
    }

    Status status_of(UserId user, milliseconds uptime) const {
        return together_of(user, [&](const Slot& slot) { return slot.at(uptime); });
    }

    template <class StatusOf>
    Status together_of(UserId user, StatusOf status_of) const {
        Status all = Status::offline;
        each([&](const Slot& slot) {
            if (!slot.is_free() && slot.user == user) all = together(all, status_of(slot));
        });
        return all;
    }

    /// Returns blocks to the pool, as long as the last one is not needed.
    void release_blocks(milliseconds uptime) {
        while (bucket_.first.next != 0) {
            Block* before = &bucket_.first;
            for (Block* block = after(*before); after(*block) != nullptr; block = after(*block))
                before = block;
            const std::uint32_t last = before->next;
            const auto& slots = table_.spare(last - 1).block.slots;
            if (!std::all_of(slots.begin(), slots.end(),
                             [&](const Slot& slot) { return slot.is_free() || slot.is_forgettable(uptime); }))
                return;
            before->next = 0;
            table_.spare(last - 1).owner = 0;
        }
    }

private:
    Block* after(const Block& block) const {
        const std::uint32_t next = block.next;
        return next == 0 ? nullptr : &table_.spare(next - 1).block;
    }

    /// Returns a place that can be reused without loss, otherwise one of a new block. Otherwise returns the
    /// place of the invisible device that has been away for the longest time, or nullptr if there is none.
    Slot* find_room(milliseconds uptime) {
        Slot* unused = nullptr;
        Slot* idle = nullptr;
        each([&](Slot& slot) {
            if (unused == nullptr && (slot.is_free() || slot.is_forgettable(uptime))) unused = &slot;
            if (slot.is_idle(uptime) && (idle == nullptr || slot.seen < idle->seen)) idle = &slot;
        });
        if (unused != nullptr) return unused;
        Block* const added = add_block();
        return added == nullptr ? idle : &added->slots.front();
    }

    Block* add_block() {
        const auto own = static_cast<std::uint32_t>(number_ + 1);
        const std::uint32_t begin = table_.shared_->next_spare;
        for (std::size_t i = 0; i < table_.spare_blocks_; ++i) {
            const std::size_t number = (begin + i) % table_.spare_blocks_;
            SpareBlock& spare = table_.spare(number);
            std::uint32_t owner = 0;
            if (!spare.owner.compare_exchange_strong(owner, own) && (owner != own || is_linked(number)))
                continue;
            spare.block.next = 0;
            spare.block.slots = {};
            Block* last = &bucket_.first;
            while (after(*last) != nullptr)
                last = after(*last);
            last->next = static_cast<std::uint32_t>(number + 1);
            table_.shared_->next_spare = static_cast<std::uint32_t>(number + 1);
            return &spare.block;
        }
        return nullptr;
    }

    bool is_linked(std::size_t number) const {
        for (const Block* block = &bucket_.first; block != nullptr; block = after(*block))
            if (block->next == number + 1) return true;
        return false;
    }

    const Table& table_;
    std::size_t number_;
    Bucket& bucket_;
    std::lock_guard<shm::Mutex> lock_;
};

Table::Table(std::size_t buckets, std::size_t spare_blocks)
    : buckets_{buckets},
      spare_blocks_{spare_blocks},
      region_{sizeof(Shared) + sizeof(Bucket) * (buckets - 1) + sizeof(SpareBlock) * spare_blocks,
              "presence"},
      shared_{static_cast<Shared*>(region_.data())} {
    for (std::size_t i = 0; i < buckets; ++i)
        new (&shared_->buckets[i].mutex) shm::Mutex;  // everything else is zero: free
}

std::size_t Table::bucket_of(UserId user) const { return hash_of(user.uuid) % buckets_; }

Table::SpareBlock& Table::spare(std::size_t number) const {
    return reinterpret_cast<SpareBlock*>(shared_->buckets + buckets_)[number];
}

bool Table::show(SessionId session, UserId user, std::optional<Status> status, milliseconds uptime) {
    Chain chain{*this, bucket_of(user)};
    Slot* slot = chain.find(session);
    if (slot == nullptr) slot = chain.claim(session, user, uptime);
    if (slot == nullptr) return false;
    chain.count(*slot, uptime, [&] {
        const bool was_gone = slot->at(uptime) == Status::offline && slot->status != Status::invisible;
        slot->status = status.value_or(was_gone ? Status::online : slot->status);
        slot->seen = std::max(slot->seen, uptime);
    });
    return true;
}

void Table::remove(SessionId session, UserId user, milliseconds uptime) {
    const Chain chain{*this, bucket_of(user)};
    if (Slot* slot = chain.find(session)) chain.count(*slot, uptime, [&] { slot->status = Status::offline; });
}

void Table::remove_all(UserId user, std::optional<SessionId> kept, TimePoint begun_before,
                       milliseconds uptime) {
    const auto end = Uuid::first_of(begun_before).bytes;  // ids of sessions sort by when they were made
    const Chain chain{*this, bucket_of(user)};
    chain.each([&](Slot& slot) {
        if (slot.user == user && slot.session != kept && slot.session.uuid.bytes < end)
            chain.count(slot, uptime, [&] { slot.status = Status::offline; });
    });
}

Status Table::status_of(UserId user, milliseconds uptime) const {
    return Chain{*this, bucket_of(user)}.status_of(user, uptime);
}

std::vector<Change> Table::unwritten(std::size_t most, milliseconds uptime) const {
    std::vector<Change> found;
    for (std::size_t i = 0; i < buckets_ && found.size() < most; ++i) {
        const Chain chain{*this, i};
        chain.each([&](const Slot& slot) {
            if (!slot.is_unwritten(uptime) || found.size() >= most) return;
            const auto before =
                shown_to_others(chain.together_of(slot.user, [](const Slot& s) { return s.written; }));
            const auto after = shown_to_others(chain.status_of(slot.user, uptime));
            // Others may have seen something between the two: the device came and went, or changed twice.
            const auto steps = static_cast<std::uint16_t>(slot.steps - slot.written_steps);
            const bool was_seen_between = steps > 1 || (steps == 1 && slot.at(uptime) == slot.written);
            found.push_back(
                {.session = slot.session,
                 .user = slot.user,
                 .now = slot.at(uptime),
                 .written = slot.written,
                 .unseen_for = uptime - slot.seen,
                 .is_gone = after == Status::offline && (before != Status::offline || was_seen_between),
                 .is_news = before != after || was_seen_between,
                 .steps = slot.steps});
        });
    }
    std::sort(found.begin(), found.end(),
              [](const Change& a, const Change& b) { return a.session.uuid.bytes < b.session.uuid.bytes; });
    return found;
}

void Table::mark_written(std::span<const Change> changes) {
    for (const Change& change : changes) {
        const Chain chain{*this, bucket_of(change.user)};
        Slot* const slot = chain.find(change.session);
        if (slot == nullptr) continue;
        slot->written = change.now;
        slot->written_steps = change.steps;
    }
}

void Table::forget_written() {
    for (std::size_t i = 0; i < buckets_; ++i)
        Chain{*this, i}.each([](Slot& slot) { slot.written = Status::offline; });
}

void Table::release_blocks(milliseconds uptime) {
    for (std::size_t i = 0; i < buckets_; ++i)
        if (shared_->buckets[i].first.next != 0) Chain{*this, i}.release_blocks(uptime);
}

bool Table::is_restored() const { return shared_->is_restored.load(); }

void Table::mark_restored() { shared_->is_restored.store(true); }

void Table::note_alone(bool is_alone, milliseconds uptime) {
    constexpr milliseconds a_few_turns_of_the_keeper{3000};
    shared_->alone_until.store(is_alone ? (uptime + a_few_turns_of_the_keeper).count() : 0);
}

bool Table::is_alone(milliseconds uptime) const { return uptime.count() < shared_->alone_until.load(); }

bool Table::restore(SessionId session, UserId user, Status status, milliseconds seen) {
    Chain chain{*this, bucket_of(user)};
    Slot* slot = chain.find(session);
    if (slot == nullptr) {
        slot = chain.claim(session, user, seen);
        if (slot == nullptr) return false;
        slot->seen = seen;
        slot->status = status;
    }
    slot->written = status;
    return true;
}

}  // namespace csauth::presence
