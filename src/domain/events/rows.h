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

/// Events have numbers that rise; but a number is given before it is committed, so that a lower one may
/// become visible later.
using EventId = std::uint64_t;

enum class Kind {
    presence,              ///< whether others see the user otherwise
    session_ended,         ///< `session`
    sessions_ended,        ///< all of the user's
    other_sessions_ended,  ///< all but `session`
    roles_changed,         ///< of the user, or of everybody who holds `role`
    profile_changed,
};

std::string_view name_of(Kind kind);
std::optional<Kind> kind_named(std::string_view name);

/// That something is otherwise than before.
struct Row {
    EventId id = 0;
    Kind kind = Kind::presence;
    std::optional<UserId> user = {};
    std::optional<SessionId> session = {};
    std::string role = {};
    std::string reason = {};  ///< why sessions have ended
    TimePoint at = {};        ///< when it was written, by the clock of the database
};

/// The events of the last hour, as they are committed.
class Rows {
public:
    virtual ~Rows() = default;

    /// Those with higher numbers, in their order, at most `most`.
    virtual std::vector<Row> after(EventId id, std::size_t most) = 0;

    /// Just the numbers: above `after`, and up to `to`.
    virtual std::vector<EventId> ids(EventId after, EventId to) = 0;

    virtual std::vector<Row> named(std::span<const EventId> ids) = 0;

    /// 0 where there are none.
    virtual EventId oldest() = 0;
    virtual EventId newest() = 0;

    /// The newest that was written `time` before the event `id`, or before now; 0 where there is none.
    virtual EventId some_time_before(std::optional<EventId> id, std::chrono::seconds time) = 0;
};

}  // namespace csauth::events
