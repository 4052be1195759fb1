#include "recall/board.h"

#include <algorithm>
#include <array>
#include <atomic>

#include "base/encoding.h"

namespace csauth::recall {
namespace {

/// One word: a tag of the subject in the upper half, the second of the recall (since 1970) in the lower half.
using Entry = std::uint64_t;
constexpr unsigned kTagShift = 32;

constexpr std::uint32_t tag_of(Entry entry) { return static_cast<std::uint32_t>(entry >> kTagShift); }
constexpr std::uint32_t second_of(Entry entry) { return static_cast<std::uint32_t>(entry); }
constexpr Entry entry_of(std::uint32_t tag, std::uint32_t second) {
    return (std::uint64_t{tag} << kTagShift) | second;
}

/// Rounded up, so that a recall never seems older than it is.
std::uint32_t second_of(TimePoint time) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(time.time_since_epoch()).count();
    return static_cast<std::uint32_t>(std::max<std::int64_t>(seconds, 0));
}

/// Rounded down, so that a token never seems newer than it is.
std::uint32_t second_of_token(TimePoint time) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
    return static_cast<std::uint32_t>(std::max<std::int64_t>(seconds, 0));
}

/// FNV-1a, then the finalizer of SplitMix64.
std::uint64_t hash_of(Kind kind, std::string_view subject) {
    std::uint64_t hash = 0xcbf29ce484222325U;
    const auto add = [&](std::uint8_t byte) { hash = (hash ^ byte) * 0x100000001b3U; };
    add(static_cast<std::uint8_t>(kind));
    for (const char c : subject)
        add(static_cast<std::uint8_t>(c));
    hash = (hash ^ (hash >> 30U)) * 0xbf58476d1ce4e5b9U;
    hash = (hash ^ (hash >> 27U)) * 0x94d049bb133111ebU;
    return hash ^ (hash >> 31U);
}

/// Returns a tag that is not 0, because 0 marks an empty entry.
std::uint32_t tag_in(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> kTagShift) | 1U; }

/// Returns true if a token of that second may not reflect the change that was recalled.
bool concerns(std::uint32_t recalled_at, std::uint32_t issued_at) {
    return issued_at <= std::uint64_t{recalled_at} + static_cast<std::uint64_t>(kSettled.count());
}

template <class Number>
void raise(std::atomic<Number>& value, Number to) {
    auto present = value.load();
    while (present < to && !value.compare_exchange_weak(present, to))
        ;
}

}  // namespace

/// One line of the processor's cache.
struct Board::Bucket {
    std::array<std::atomic<Entry>, kEntriesOfBucket> entries;
    std::atomic<Entry> crowded;  ///< the second of the newest recall that found no place here
};

struct Board::Shared {
    std::atomic<std::int64_t> fed_at;     ///< in milliseconds of uptime; 0: never
    std::atomic<std::uint32_t> lifetime;  ///< in seconds
    std::atomic<std::uint32_t> latest;    ///< the latest second that latest() or post() was given
    std::atomic<std::uint32_t> everyone;  ///< the second of the newest Kind::everyone; 0: none
    std::atomic<std::uint64_t> entered;
    std::atomic<std::uint64_t> without_room;
    std::atomic<std::uint64_t> trusted_while_stale;
};

Board::Board(std::size_t buckets)
    : buckets_{buckets},
      region_{sizeof(Bucket) * (1 + buckets + kBucketsOfRoles), "recall board"},
      shared_{static_cast<Shared*>(region_.data())},
      table_{static_cast<Bucket*>(region_.data()) + 1} {
    static_assert(sizeof(Bucket) == 64);
    static_assert(sizeof(Shared) <= sizeof(Bucket));
    static_assert(std::atomic<Entry>::is_always_lock_free);
}

void Board::keep_for(std::chrono::seconds lifetime) {
    raise(shared_->lifetime, static_cast<std::uint32_t>(lifetime.count()));
}

void Board::post(const Recall& recall, TimePoint at, TimePoint now) {
    const std::uint32_t second = second_of(at);
    raise(shared_->latest, std::max(second, second_of(now)));
    if (recall.kind == Kind::everyone) return raise(shared_->everyone, second);

    const auto hash = hash_of(recall.kind, recall.subject);
    const std::uint32_t tag = tag_in(hash);
    Bucket& bucket = bucket_of(recall.kind, hash);
    for (auto& entry : bucket.entries) {
        Entry present = entry.load();
        while (tag_of(present) == tag)
            if (second_of(present) >= second || entry.compare_exchange_weak(present, entry_of(tag, second)))
                return;
    }
    const std::int64_t outlived = std::int64_t{second_of(now)} - shared_->lifetime.load();
    for (auto& entry : bucket.entries) {
        Entry present = entry.load();
        while (present == 0 || second_of(present) < outlived) {
            if (!entry.compare_exchange_weak(present, entry_of(tag, second))) continue;
            shared_->entered.fetch_add(1, std::memory_order_relaxed);
            return;
        }
    }
    shared_->without_room.fetch_add(1, std::memory_order_relaxed);
    raise(bucket.crowded, Entry{second});
}

TimePoint Board::latest(TimePoint now) {
    const auto second = std::max(shared_->latest.load(), second_of(now));
    raise(shared_->latest, second);
    // Stored seconds are rounded up, so this one may be up to a second in the future.
    return std::max(now, TimePoint{std::chrono::seconds{second} - std::chrono::seconds{1}});
}

void Board::fed(std::chrono::milliseconds uptime) { shared_->fed_at.store(uptime.count()); }

Word Board::look(const Marks& marks, std::chrono::milliseconds uptime) const {
    const auto issued_at = second_of_token(marks.issued_at);
    const auto since = age(uptime);
    if (!since) return Word::empty;
    const auto everyone = shared_->everyone.load();
    const bool speaks = (everyone != 0 && concerns(everyone, issued_at)) ||
                        speaks_of(Kind::session, as_text(marks.session.uuid.bytes), issued_at) ||
                        speaks_of(Kind::user, as_text(marks.user.uuid.bytes), issued_at) ||
                        std::any_of(marks.roles.begin(), marks.roles.end(), [&](const std::string& role) {
                            return speaks_of(Kind::role, role, issued_at);
                        });
    if (speaks) return Word::speaks;
    return *since > kStaleAfter ? Word::stale : Word::silent;
}

std::optional<TimePoint> Board::newest_recall(const Marks& marks) const {
    std::uint32_t newest =
        std::max({shared_->everyone.load(), newest_of(Kind::session, as_text(marks.session.uuid.bytes)),
                  newest_of(Kind::user, as_text(marks.user.uuid.bytes))});
    for (const std::string& role : marks.roles)
        newest = std::max(newest, newest_of(Kind::role, role));
    if (newest == 0 || !concerns(newest, second_of_token(marks.issued_at))) return std::nullopt;
    return TimePoint{std::chrono::seconds{newest}};
}

bool Board::speaks_of(Kind kind, std::string_view subject, std::uint32_t issued_at) const {
    const auto newest = newest_of(kind, subject);
    return newest != 0 && concerns(newest, issued_at);
}

/// Returns the second of the newest recall of this subject, or of one that found no place in its bucket.
/// Returns 0 if there is none.
std::uint32_t Board::newest_of(Kind kind, std::string_view subject) const {
    const auto hash = hash_of(kind, subject);
    const std::uint32_t tag = tag_in(hash);
    const Bucket& bucket = bucket_of(kind, hash);
    std::uint32_t newest = second_of(bucket.crowded.load());
    for (const auto& slot : bucket.entries) {
        const Entry entry = slot.load();
        if (tag_of(entry) == tag) newest = std::max(newest, second_of(entry));
    }
    return newest;
}

Board::Bucket& Board::bucket_of(Kind kind, std::uint64_t hash) const {
    return kind == Kind::role ? table_[buckets_ + hash % kBucketsOfRoles] : table_[hash % buckets_];
}

void Board::count_trust() const { shared_->trusted_while_stale.fetch_add(1, std::memory_order_relaxed); }

std::optional<std::chrono::milliseconds> Board::age(std::chrono::milliseconds uptime) const {
    const auto fed_at = shared_->fed_at.load();
    if (fed_at == 0) return std::nullopt;
    return uptime - std::chrono::milliseconds{fed_at};
}

Board::Figures Board::figures() const {
    return {shared_->entered.load(), shared_->without_room.load(), shared_->trusted_while_stale.load()};
}

}  // namespace csauth::recall
