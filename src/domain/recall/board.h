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

/// A token that was issued more than this after a recall was minted of what was true by then: no transaction
/// takes as long, and no two nodes' clocks are so far apart.
inline constexpr std::chrono::seconds kSettled{60};

/// A board that was not fed for so long is stale.
inline constexpr std::chrono::seconds kStaleAfter{5};

/// What a token says of itself, as far as recalls go.
struct Marks {
    SessionId session;
    UserId user;
    std::span<const std::string> roles;
    TimePoint issued_at;
};

/// What the board says of a token.
enum class Word {
    silent,  ///< nothing: the token is as good as its signature
    speaks,  ///< something has changed that it may not know of: ask the database
    stale,   ///< nothing that it knows of, but it may have missed something: ask the database
    empty,   ///< it was never filled: ask the database
};

/// The recalls that outstanding tokens must be held against, shared by the processes that are forked after
/// this is made. Of fixed size; looked at without a lock. Every entry is one word, written at once, so that
/// a writer which is killed leaves nothing half done.
///
/// It errs to one side only. Two subjects may share an entry, and where there is no room for another entry
/// its whole neighbourhood speaks: more is asked of the database then, and nothing is believed that should
/// not be.
class Board {
public:
    static constexpr std::size_t kBuckets = 16'384;
    static constexpr std::size_t kEntriesOfBucket = 7;

    /// Buckets that are for roles alone: everybody has one, so that a crowded neighbour would send everybody
    /// to the database.
    static constexpr std::size_t kBucketsOfRoles = 64;

    /// What has happened since the board was made.
    struct Figures {
        std::uint64_t entered;
        std::uint64_t without_room;
        std::uint64_t trusted_while_stale;
    };

    explicit Board(std::size_t buckets = kBuckets);

    /// A process that this one forks from now on does not have it.
    void hide_from_children() const { region_.hide_from_children(); }

    /// An entry's place is free for another after this; never less than what was said before.
    void keep_for(std::chrono::seconds lifetime);

    void post(const Recall& recall, TimePoint at, TimePoint now);

    /// The present moment, or a later one that it has heard of before: a clock that was set back must not
    /// make a recall seem older than the tokens that it concerns.
    TimePoint latest(TimePoint now);

    /// It had everything that was known at this moment of uptime.
    void fed(std::chrono::milliseconds uptime);

    Word look(const Marks& marks, std::chrono::milliseconds uptime) const;

    /// Returns the moment of the newest recall that a token with these marks may not know of, in whole
    /// seconds and rounded up; nullopt if there is none. Does not say whether the board is stale or empty.
    std::optional<TimePoint> newest_recall(const Marks& marks) const;

    /// A token was believed while the board was stale and the database away.
    void count_trust() const;

    /// Since when it was not fed; nothing when it never was.
    std::optional<std::chrono::milliseconds> age(std::chrono::milliseconds uptime) const;
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
