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

/// A session that goes on, with what tokens say of its user.
struct LiveSession {
    Session session;
    Holder holder;
};

/// A live session with all that its tokens say. Of the session itself only what that takes: no device, no
/// place and no activity.
struct TokenSession {
    LiveSession live;
    std::vector<roles::Role> held;  ///< the highest first
};

/// A session as it is kept, also behind its end.
struct SessionRecord {
    Session session;
    std::optional<TimePoint> ended_at = {};
    std::string end_reason = {};
};

/// What is kept of a user's devices and sessions. Where they are few enough, nothing need be looked for that
/// would be too much.
struct Past {
    std::size_t devices = 0;
    std::size_t sessions = 0;     ///< that have not ended
    bool has_same_place = false;  ///< the same browser at the same address
};

/// The sign-ins. A session is live while it has not ended or expired, was used within `idle`, has its user's
/// epoch, and the user is not banned; every call below that says "live" checks all of it. Ending a session
/// recalls its tokens.
class Sessions {
public:
    virtual ~Sessions() = default;

    /// Adds it if the user's epoch still is the session's, and says whether.
    virtual bool add(const Session& session) = 0;

    virtual std::optional<LiveSession> find_live(SessionId id, TimePoint now) = 0;

    /// The same by its own row and its user's alone, with the user's roles, in one query: what nearly every
    /// refresh needs. Nothing also where a session is live only by what was seen of it since its last
    /// refresh, or by the end of a ban: find_live() tells.
    virtual std::optional<TokenSession> find_for_refresh(SessionId id, TimePoint now) = 0;

    /// One step of the counter of a session that find_for_refresh() has just found, unless anything has
    /// become of that meanwhile: a conditional UPDATE as advance() is. It looks at the session's row alone,
    /// as whatever ends a session by its user's row writes the session's in the same transaction.
    virtual bool advance_if_unchanged(const Session& found, TimePoint now) = 0;

    /// Notes a refresh that leaves the counter as it is: the same conditional UPDATE without the step.
    /// Returns false if the session has ended, or its counter or epoch is no longer the one of `found`.
    virtual bool touch(const Session& found, TimePoint now) = 0;

    /// The user's live sessions, the last used first.
    virtual std::vector<Session> live_of(UserId user, TimePoint now) = 0;

    /// One step of the counter, from `from`, if the session is live: one conditional UPDATE, so of
    /// several callers with one counter a single one gets true.
    virtual bool advance(SessionId id, Counter from, TimePoint now) = 0;

    /// Writes what this node has seen, in one statement. A sighting that is older than what is written
    /// changes nothing.
    virtual void note_seen(std::span<const Sighting> sightings) = 0;

    /// The session goes on under the user's present epoch.
    virtual void adopt_epoch(SessionId id, UserId user) = 0;

    /// How many the session's user has, it and its device counted; and whether another session was at its
    /// place.
    virtual Past past_of(const Session& session) = 0;

    /// How many sessions of the user have not ended: what past_of() says of them, for a third of its price.
    virtual std::size_t unended_of(UserId user) = 0;

    /// Returns at most `most` sessions of the user that are kept, also ended ones, newest first.
    virtual std::vector<SessionRecord> newest_of(UserId user, std::size_t most) = 0;

    /// Ends one session of the user that has not ended; says whether it did.
    virtual bool end(SessionId id, UserId user, EndReason reason, TimePoint now) = 0;

    /// Ends all of the user's sessions but `kept`.
    virtual void end_all(UserId user, std::optional<SessionId> kept, EndReason reason, TimePoint now) = 0;

    /// Ends the user's sessions on that device.
    virtual void end_on_device(UserId user, DeviceId device, EndReason reason, TimePoint now) = 0;

    /// Ends the oldest live sessions of the user so that `most` are left; says whether any did.
    virtual bool end_oldest(UserId user, std::size_t most, TimePoint now) = 0;
};

}  // namespace csauth::sessions
