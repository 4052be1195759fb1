#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "events/rows.h"
#include "presence/who_is_online.h"

namespace csauth::streamer {

using events::EventId;

/// What streams are told, with what the database says when it is read: an event says how something is, not
/// what has changed. So one that comes twice, or late, does no harm.
struct Event {
    events::Row row;
    /// Of presence; nothing where there is no such user any more, or none with a confirmed address.
    std::optional<presence::Known> known = {};
};

/// Of whom a stream is, and what it asks for.
struct Subscription {
    presence::Viewer viewer;
    SessionId session;
    std::vector<std::string> roles;     ///< that the user holds
    std::vector<UserId> watched;        ///< sorted, each once
    std::optional<EventId> last_event;  ///< what the client has had
    std::vector<bool> is_shown = {};    ///< of each of them, whether they were last shown to be there

    bool watches(UserId user) const;

    /// Whether it is worth telling: of who was not there, and is not, nothing is: it would tell that somebody
    /// who hides comes and goes.
    bool note(const presence::Seen& seen);
};

/// Whether the event may be the stream's business, going by the row alone.
bool concerns(const events::Row& row, const Subscription& subscription);

/// The event as this stream gets it (HTML Living Standard, 9.2.5); empty where it is none of its business.
std::string rendered(const Event& event, Subscription& subscription, TimePoint now);

/// Whether the stream is at its end behind the event: its session is.
bool ends(const Event& event, const Subscription& subscription);

/// Whether the stream may be at its end: of a session that began behind the event nothing is said.
bool may_end(const Event& event, const Subscription& subscription);

/// The first event: how all the watched look.
std::string snapshot(EventId id, const std::vector<presence::Seen>& seen);

/// That the client must ask for all that it wants to know, as events are missing.
std::string reset(EventId id);

/// Tells the client when to come back if the connection breaks.
std::string retry(std::chrono::milliseconds after);

/// The length of padding() in bytes: proxies that collect output before they send it collect at most this
/// much.
inline constexpr std::size_t kPadding = 2048;

/// Returns a comment of kPadding bytes. As the first part of a stream it has such proxies send all that
/// follows.
std::string padding();

/// Nothing, every now and then, so that everybody on the way sees that the stream is alive; and how far it
/// is.
std::string beat(EventId id);

}  // namespace csauth::streamer
