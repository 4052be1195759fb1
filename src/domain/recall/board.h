#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "base/clock.h"
#include "base/ids.h"
#include "recall/recall.h"
#include "shm/region.h"

namespace csauth::recall {

/// A token issued later than this after a recall already reflects the change. No transaction takes as long,
/// and no two nodes' clocks are so far apart.
inline constexpr std::chrono::seconds kSettled{60};

/// A board that was not fed for longer than this is stale.
inline constexpr std::chrono::seconds kStaleAfter{5};

/// The parts of a token by which recalls can concern it.
struct Marks {
    SessionId session;
    UserId user;
    std::span<const std::string> roles;  ///< names; the caller keeps the memory
    TimePoint issued_at;
};

/// The answer of the board about a token.
enum class Word {
    silent,  ///< no recall concerns the token, so its claims are true
    speaks,  ///< a recall concerns the token: ask the database
    stale,   ///< no recall concerns it, but the board may have missed one: ask the database
    empty,   ///< the board was never fed: ask the database
};

/// The recalls that concern tokens which have not expired, in memory of fixed size. The processes that are
/// forked after the constructor share it. Reading and writing take no lock. An entry is one word and is
/// written at once, so a process that is killed leaves no half-written entry.
///
/// A mistake of the board only causes a query, never the acceptance of a recalled token. Two subjects may
/// share an entry. If a bucket has no room for another entry, all subjects of the bucket count as recalled.
class Board {
public:
    static constexpr std::size_t kBuckets = 16'384;
    static constexpr std::size_t kEntriesOfBucket = 7;

    /// Buckets for roles alone. Every user has a role, so a crowded bucket of a role would send every user to
    /// the database.
    static constexpr std::size_t kBucketsOfRoles = 64;

    /// Counts since the board was made, over all processes of this node.
    struct Figures {
        std::uint64_t entered;              ///< recalls that took a new entry
        std::uint64_t without_room;         ///< recalls that found their bucket full
        std::uint64_t trusted_while_stale;  ///< calls of count_trust()
    };

    explicit Board(std::size_t buckets = kBuckets);

    /// Processes that this one forks from now on cannot see the memory.
    void hide_from_children() const { region_.hide_from_children(); }

    /// Sets how long an entry is kept before another may replace it. Ignores a time that is shorter than an
    /// earlier one. The master calls it before it starts processes.
    void keep_for(std::chrono::seconds lifetime);

    /// Enters a recall of the moment `at`. Replaces an older recall of the same subject, and keeps a newer
    /// one. The store calls it for changes of this process, the follower for those of all nodes.
    void post(const Recall& recall, TimePoint at, TimePoint now);

    /// Returns `now`, or a later moment that the board was given before. A clock that was set back must not
    /// make a recall seem older than the tokens that it concerns.
    TimePoint latest(TimePoint now);

    /// Records that the follower read the table of recalls at this moment of uptime. The follower calls it
    /// after it has posted what it read.
    void fed(std::chrono::milliseconds uptime);

    /// Returns what the board knows about a token. `uptime` (Clock::uptime) decides whether it is stale.
    Word look(const Marks& marks, std::chrono::milliseconds uptime) const;

    /// Returns the moment of the newest recall that concerns a token with these marks, in whole seconds and
    /// rounded up; nullopt if there is none. Does not say whether the board is stale or empty.
    std::optional<TimePoint> newest_recall(const Marks& marks) const;

    /// Counts a token that was accepted although the board was stale and the database unavailable.
    void count_trust() const;

    /// Returns the time since the last fed(), or nullopt if the board was never fed.
    std::optional<std::chrono::milliseconds> age(std::chrono::milliseconds uptime) const;

    /// Returns the counts, for /metrics.
    Figures figures() const;

private:
    struct Bucket;
    struct Shared;

    bool speaks_of(Kind kind, std::string_view subject, std::uint32_t issued_at) const;
    std::uint32_t newest_of(Kind kind, std::string_view subject) const;
    Bucket& bucket_of(Kind kind, std::uint64_t hash) const;

    std::size_t buckets_;
    shm::Region region_;
    Shared* shared_;
    Bucket* table_;
};

}  // namespace csauth::recall
