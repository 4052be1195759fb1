#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/local/stream_protocol.hpp>  // after <utility>, which it does not include itself

#include "http/message.h"
#include "streamer/desk.h"
#include "streamer/recall_watch.h"
#include "streamer/records.h"

namespace csauth::streamer {

/// A client with more unread data than this is disconnected.
inline constexpr std::size_t kLongestBacklog = 64 * 1024;  // bytes

/// One connection from nginx: a request, then a response or a stream. All functions belong to the thread of
/// the event loop and return at once.
///
/// Pending operations hold a reference, so a connection lives until it is closed. The host must outlive it.
class Connection : public std::enable_shared_from_this<Connection> {
public:
    using Socket = boost::asio::local::stream_protocol::socket;
    using Ptr = std::shared_ptr<Connection>;
    using Moment = std::chrono::steady_clock::time_point;

    /// The owner of the connections.
    class Host {
    public:
        virtual ~Host() = default;

        /// Takes a request that was read. Calls answer(), refuse() or open() of the connection, now or later.
        virtual void accept(const Ptr& connection, http::Request request) = 0;
        /// Forgets a connection that has just been closed. Called once for each.
        virtual void leave(const Ptr& connection) = 0;
        /// Writes a warning to the log. `event` is its name there.
        virtual void warn(const char* event, const std::string& request_id) const = 0;
        /// Writes the log line of a request that refuse() answers.
        virtual void note_refusal(const Connection& connection, const http::Response& response) const = 0;
    };

    Connection(Host& host, Socket socket)
        : host_{host}, socket_{std::move(socket)}, reader_{std::make_unique<RequestReader>()} {}

    /// Starts to read the request. Call it once. Goes on after the request, to notice that the peer has
    /// closed the connection. A malformed request or an abort by nginx finishes the connection.
    void read();

    /// Sends a whole response, then finishes.
    void answer(const http::Response& response);

    /// Answers with the problem document of `error`, and has the host log it.
    void refuse(const Error& error);

    /// Turns the connection into a stream: sends the head of the response and `accepted.first`. The
    /// subscription must have a value.
    void open(AcceptedStream accepted);

    /// Sends text of the stream soon, together with other text of this turn. A client with more than
    /// kLongestBacklog unread bytes is disconnected, and a warning is logged. Has no effect after finish() or
    /// close().
    void say(std::string_view text);

    /// Sends what is waiting and the end of the response, then closes. Sets `cut_at`: if the client has not
    /// read everything 5 seconds later, the host closes the connection.
    void finish();

    /// Closes at once and tells the host. Has no effect on a closed connection.
    void close();

    bool is_open() const { return socket_.is_open(); }

    /// Returns true after open().
    bool is_stream() const { return subscription_ != nullptr; }

    /// Call it only if is_stream().
    Subscription& subscription() { return *subscription_; }

    // The host keeps its notes on a connection in these members.

    const Moment began = std::chrono::steady_clock::now();
    Moment next_beat = {};              ///< when the next keep-alive comment is due
    Moment next_check = {};             ///< when the session is looked up next
    std::optional<Moment> cut_at = {};  ///< set by finish(): when the host closes the connection
    std::size_t place = 0;              ///< belongs to StreamIndex
    bool has_ended = false;             ///< true if the session of the stream has ended
    RecallWatch recalls = {};           ///< recalls of its session, user and roles
    bool is_check_due = false;          ///< true while it is in the list of streams to check
    std::string farewell = {};          ///< sent if a check finds that the session has ended
    std::string request_id{};           ///< empty until the request is read; for the log, like the next two
    std::string method{};
    std::string remote_ip{};

private:
    void take(std::string_view bytes);
    void send(const std::string& records);
    void write();

    Host& host_;
    Socket socket_;
    std::unique_ptr<RequestReader> reader_;  // until the request is read
    std::unique_ptr<Subscription> subscription_;
    std::uint16_t id_ = 0;  // FastCGI's number of the request
    std::string waiting_;
    std::string writing_;
    bool is_writing_ = false;  // also true if a write is posted
    bool is_last_ = false;     // finish() was called
};

}  // namespace csauth::streamer
