#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "http/message.h"
#include "streamer/event.h"

namespace csauth::streamer {

/// The result of a request for a stream.
struct AcceptedStream {
    http::Response response;                        ///< the head of the stream, or the whole refusal
    std::optional<Subscription> subscription = {};  ///< nullopt if the request was refused
    std::string first = {};                         ///< the first events of the stream
    TimePoint looked_up_at = {};  ///< when the database was asked whether the session is live
};

/// What the user of a stream may do at this moment.
struct Standing {
    std::vector<std::string> roles;  ///< the names of the user's roles
    bool sees_hidden = false;        ///< true if the user sees people who hide their presence
};

/// Answers the streamer's questions about tokens and the database. A thread of its own makes and uses it, so
/// the loop of the streams never waits.
///
/// accept() and the calls of look() before and after it leave no event out between them.
class Desk {
public:
    virtual ~Desk() = default;

    /// Checks the token and the session of a request and prepares its stream. Answers every request: if the
    /// database is unavailable, the response is a 503.
    virtual AcceptedStream accept(const http::Request& request) = 0;

    /// Returns the events that became visible since the last look, each once. `thorough` also finds events
    /// that became visible after one with a higher ID; it costs more. Throws Unavailable if the database does
    /// not answer; the next look then returns these events.
    virtual std::vector<Event> look(bool thorough) = 0;

    /// Returns the highest ID that look() has returned, or the newest one when the desk began.
    virtual EventId position() const = 0;

    /// Looks up what the user of a stream may do now. Returns nullopt if the stream must end, because its
    /// session is over or the user's address is no longer confirmed. Throws Unavailable if the database does
    /// not answer.
    virtual std::optional<Standing> standing_of(UserId user, SessionId session) = 0;
};

}  // namespace csauth::streamer
