#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/local/stream_protocol.hpp>  // behind <utility>, which it forgets

#include "http/message.h"
#include "streamer/desk.h"
#include "streamer/recall_watch.h"
#include "streamer/records.h"

namespace csauth::streamer {

/// A reader that is this far behind is dropped.
inline constexpr std::size_t kLongestBacklog = 64 * 1024;  // bytes

/// One connection of nginx: a request, then a stream.
class Connection : public std::enable_shared_from_this<Connection> {
public:
    using Socket = boost::asio::local::stream_protocol::socket;
    using Ptr = std::shared_ptr<Connection>;
    using Moment = std::chrono::steady_clock::time_point;

    /// Who has the connections.
    class Host {
    public:
        virtual ~Host() = default;

        /// The request is read: says `answer`, or `open`.
        virtual void accept(const Ptr& connection, http::Request request) = 0;
        /// The connection is closed.
        virtual void leave(const Ptr& connection) = 0;
        virtual void warn(const char* event, const std::string& request_id) const = 0;
        /// A request is refused for which no desk was asked: writes its line to the log.
        virtual void note_refusal(const Connection& connection, const http::Response& response) const = 0;
    };

    Connection(Host& host, Socket socket)
        : host_{host}, socket_{std::move(socket)}, reader_{std::make_unique<RequestReader>()} {}

    void read();
    void answer(const http::Response& response);
    void refuse(const Error& error);
    void open(AcceptedStream accepted);

    /// What is behind the backlog's end is lost, and so is the reader.
    void say(std::string_view text);

    /// Says what is waiting to be said, and closes.
    void finish();
    void close();

    bool is_open() const { return socket_.is_open(); }
    bool is_stream() const { return subscription_ != nullptr; }
    Subscription& subscription() { return *subscription_; }

    const Moment began = std::chrono::steady_clock::now();
    Moment next_beat = {};
    Moment next_check = {};
    std::optional<Moment> cut_at = {};  ///< behind finish()
    std::size_t place = 0;              ///< in the index of streams
    bool has_ended = false;             ///< its session
    RecallWatch recalls = {};           ///< of its session, user and roles
    bool is_check_due = false;          ///< it is in the list of streams to check
    std::string farewell = {};          ///< said if a check finds that the session has ended
    std::string request_id{};           ///< of the log, as the next two
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
    std::uint16_t id_ = 0;  // of the request, in FastCGI
    std::string waiting_;
    std::string writing_;
    bool is_writing_ = false;  // or about to
    bool is_last_ = false;
};

}  // namespace csauth::streamer
