#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "http/message.h"
#include "streamer/event.h"

namespace csauth::streamer {

/// What became of a request for a stream.
struct AcceptedStream {
    http::Response response;  ///< where it is refused, all of the answer
    std::optional<Subscription> subscription = {};
    std::string first = {};       ///< what the stream begins with
    TimePoint looked_up_at = {};  ///< when the database was asked whether the session is live
};

/// What somebody who holds a stream may do at this moment.
struct Standing {
    std::vector<std::string> roles;
    bool sees_hidden = false;
};

/// What needs the database. One thread has it, so that the loop of the streams never waits; an accepted
/// and the look before it and behind it leave no event out between them.
class Desk {
public:
    virtual ~Desk() = default;

    virtual AcceptedStream accept(const http::Request& request) = 0;

    /// What is new. `thorough`: also what became visible late.
    virtual std::vector<Event> look(bool thorough) = 0;

    /// The last event that there was.
    virtual EventId position() const = 0;

    /// Nothing when the stream must end: its session is over, or the address not confirmed any more.
    virtual std::optional<Standing> standing_of(UserId user, SessionId session) = 0;
};

}  // namespace csauth::streamer
