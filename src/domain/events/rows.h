#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"

namespace csauth::events {

/// The number of an event. Numbers rise in the order in which they are assigned, which is before the commit.
/// So an event with a lower number may become visible later.
using EventId = std::uint64_t;

/// What an event reports.
enum class Kind {
    presence,              ///< the user may look different to others
    session_ended,         ///< `session` of the user has ended
    sessions_ended,        ///< all sessions of the user have ended
    other_sessions_ended,  ///< all sessions of the user but `session` have ended
    roles_changed,         ///< the roles of the user have changed; without a user, the role `role`
    profile_changed,       ///< the profile of the user has changed
};

/// Returns the name in the database: "session.ended".
std::string_view name_of(Kind kind);

/// Returns the kind of that name, or nullopt if this version does not know it.
std::optional<Kind> kind_named(std::string_view name);

/// An event as the table has it. Members that its kind does not mention may be empty.
struct Row {
    EventId id = 0;
    Kind kind = Kind::presence;
    std::optional<UserId> user = {};
    std::optional<SessionId> session = {};
    std::string role = {};
    std::string reason = {};  ///< why sessions have ended
    TimePoint at = {};        ///< when it was written, by the clock of the database
};

/// The events that were committed within the last hour. The keeper deletes older ones.
class Rows {
public:
    virtual ~Rows() = default;

    /// Returns at most `most` events with higher numbers than `id`, in the order of their numbers.
    virtual std::vector<Row> after(EventId id, std::size_t most) = 0;

    /// Returns just the numbers above `after`, up to and including `to`, in order.
    virtual std::vector<EventId> ids(EventId after, EventId to) = 0;

    /// Returns the events with these numbers that exist, in the order of `ids`.
    virtual std::vector<Row> named(std::span<const EventId> ids) = 0;

    /// Returns the lowest number, or 0 if there are no events.
    virtual EventId oldest() = 0;

    /// Returns the highest number, or 0 if there are no events.
    virtual EventId newest() = 0;

    /// Returns the newest event that was written more than `time` before the event `id`, or before now if
    /// `id` is nullopt. If there is no event `id`, the next one counts, or now. Returns 0 if there is no such
    /// event.
    virtual EventId some_time_before(std::optional<EventId> id, std::chrono::seconds time) = 0;
};

}  // namespace csauth::events
