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

/// An event for streams, with the presence that the database has when the event is read. An event says what
/// is true, not what has changed. So an event that arrives twice or late does no harm.
struct Event {
    events::Row row;
    /// The presence of `row.user`, for an event of presence. nullopt if the user no longer exists or has no
    /// confirmed address.
    std::optional<presence::Known> known = {};
};

/// The owner of a stream, and what the stream reports.
struct Subscription {
    presence::Viewer viewer;
    SessionId session;                  ///< the viewer's; its end ends the stream
    std::vector<std::string> roles;     ///< the names of the viewer's roles
    std::vector<UserId> watched;        ///< whose presence is reported; sorted, each once
    std::optional<EventId> last_event;  ///< the last one that the client has received; nullopt: start anew
    std::vector<bool> is_shown = {};    ///< for each of `watched`: whether last shown as not offline

    /// Returns true if the presence of this user is reported.
    bool watches(UserId user) const;

    /// Notes how a user looks now. Returns true if the client must be told. A user who was and is offline is
    /// not worth telling: the event would reveal that a hidden user comes and goes. Returns false for a user
    /// who is not watched.
    bool note(const presence::Seen& seen);
};

/// Returns true if the event may concern the stream, judging by the row alone.
bool concerns(const events::Row& row, const Subscription& subscription);

/// Returns the event as this stream gets it (HTML Living Standard, 9.2.5); empty if it does not concern the
/// stream. Notes in `subscription` how the user of an event of presence was shown.
std::string rendered(const Event& event, Subscription& subscription, TimePoint now);

/// Returns true if the event ends the stream's session.
bool ends(const Event& event, const Subscription& subscription);

/// Returns true if the event may end the stream's session. Only the database can tell, because the event does
/// not concern sessions that began after it.
bool may_end(const Event& event, const Subscription& subscription);

/// Returns the event that shows all watched users at once. `id` becomes the client's last event ID.
std::string snapshot(EventId id, const std::vector<presence::Seen>& seen);

/// Returns the event that tells the client to ask for everything again, because it has missed events.
std::string reset(EventId id);

/// Returns the line that tells the client how long to wait after a lost connection.
std::string retry(std::chrono::milliseconds after);

/// The length of padding() in bytes. Proxies that buffer output before they send it buffer at most this much.
inline constexpr std::size_t kPadding = 2048;

/// Returns a comment of kPadding bytes. At the start of a stream it makes such proxies send everything that
/// follows without delay.
std::string padding();

/// Returns a keep-alive comment with the ID of the last event. It shows the client and proxies that the
/// stream is alive.
std::string beat(EventId id);

}  // namespace csauth::streamer
