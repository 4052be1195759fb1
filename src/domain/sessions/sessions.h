#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "roles/role.h"
#include "sessions/activity.h"
#include "sessions/session.h"

namespace csauth::sessions {

/// A session that was live when it was read, and its user as tokens describe them.
struct LiveSession {
    Session session;
    Holder holder;
};

/// A live session with everything that its tokens contain. The session has only its id, user, epoch, counter
/// and expires_at; the other members keep their default values.
struct TokenSession {
    LiveSession live;
    std::vector<roles::Role> held;  ///< the user's roles, highest priority first, then by name
};

/// A session that may have ended. Its row is kept for some time after the end.
struct SessionRecord {
    Session session;
    std::optional<TimePoint> ended_at = {};  ///< nullopt if nothing has ended it; it may still have expired
    std::string end_reason = {};             ///< a name_of(EndReason); empty if ended_at is nullopt
};

/// How many devices and sessions a user has. It spares a sign-in further queries while the numbers are low.
struct Past {
    std::size_t devices = 0;
    std::size_t sessions = 0;     ///< those that have not ended, also expired ones
    bool has_same_place = false;  ///< another session, perhaps ended, has the same address and User-Agent
};

/// The sessions of all users.
///
/// A session is *live* if it has not ended or expired, was used within `tokens.idle_lifetime`, has its user's
/// epoch, and its user is not banned. Each function that says "live" checks all of it. A function that ends a
/// session also recalls its tokens, and writes the event for open streams. Every function runs in the
/// caller's transaction if there is one. Functions that write several rows need one.
class Sessions {
public:
    virtual ~Sessions() = default;

    /// Adds the session. Returns false without adding it if the user's epoch is no longer the session's.
    virtual bool add(const Session& session) = 0;

    /// Returns nullopt if there is no such session, or it is not live.
    virtual std::optional<LiveSession> find_live(SessionId id, TimePoint now) = 0;

    /// Returns the session with its user's roles, in the one query that nearly every refresh needs. Returns
    /// nullopt if the session is not live, and in two cases in which it may be. One is that only a sighting
    /// since the last refresh keeps it within the idle time. The other is a ban that is over but not yet
    /// removed from the row. Ask find_live() then.
    virtual std::optional<TokenSession> find_for_refresh(SessionId id, TimePoint now) = 0;

    /// Raises the counter of a session that find_for_refresh() has just found. Returns false without a change
    /// if the session has ended, or its counter or epoch is no longer the one of `found`. One conditional
    /// UPDATE of the session's row is enough: each change of a user that ends sessions also writes their
    /// rows, in the same transaction.
    virtual bool advance_if_unchanged(const Session& found, TimePoint now) = 0;

    /// Writes the time of a refresh that leaves the counter as it is. Returns false if the session has ended,
    /// or its counter or epoch is no longer the one of `found`. It may also return false if the row has the
    /// time `now` already.
    virtual bool touch(const Session& found, TimePoint now) = 0;

    /// Returns the user's live sessions, the last used first.
    virtual std::vector<Session> live_of(UserId user, TimePoint now) = 0;

    /// Raises the counter by one if it is `from` and the session is live, in one conditional UPDATE. At
    /// most one of several callers with the same `from` gets true.
    virtual bool advance(SessionId id, Counter from, TimePoint now) = 0;

    /// Writes sightings of this node, many rows in one statement. A counter or time that is lower than the
    /// written one changes nothing.
    virtual void note_seen(std::span<const Sighting> sightings) = 0;

    /// Gives a session that has not ended the present epoch of its user, so that it survives the change which
    /// raised the epoch.
    virtual void adopt_epoch(SessionId id, UserId user) = 0;

    /// Counts the devices and sessions of the session's user, this device and session included.
    virtual Past past_of(const Session& session) = 0;

    /// Returns Past::sessions alone, for a third of the cost of past_of().
    virtual std::size_t unended_of(UserId user) = 0;

    /// Returns at most `most` sessions of the user, also ended ones, newest first.
    virtual std::vector<SessionRecord> newest_of(UserId user, std::size_t most) = 0;

    /// Ends the session. Returns false if it has ended already, does not exist, or is another user's.
    virtual bool end(SessionId id, UserId user, EndReason reason, TimePoint now) = 0;

    /// Ends all sessions of the user except `kept`. Recalls the tokens of `kept`, too: they stay valid, but
    /// each check of them asks the database.
    virtual void end_all(UserId user, std::optional<SessionId> kept, EndReason reason, TimePoint now) = 0;

    /// Ends the user's sessions on that device.
    virtual void end_on_device(UserId user, DeviceId device, EndReason reason, TimePoint now) = 0;

    /// Ends the oldest sessions of the user, at most 1,000, so that `most` are left that have not ended.
    /// Returns true if there were more than `most`.
    virtual bool end_oldest(UserId user, std::size_t most, TimePoint now) = 0;
};

}  // namespace csauth::sessions
