#include "streamer/connection.h"

#include <array>
#include <boost/asio.hpp>

#include "http/problem.h"

namespace csauth::streamer {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;
namespace asio = boost::asio;
using Failure = boost::system::error_code;

constexpr auto kLongestFarewell = 5s;  // then a client that has not read the end is cut off
constexpr std::size_t kKeptBuffer = 4096;

}  // namespace

void Connection::read() {
    socket_.async_wait(Socket::wait_read, [self = shared_from_this()](Failure failure) {
        if (!self->is_open() || failure == asio::error::operation_aborted) return;
        if (failure) return self->close();
        std::array<char, 16 * 1024> bytes;
        self->socket_.non_blocking(true);
        Failure reading;
        const std::size_t count = self->socket_.read_some(asio::buffer(bytes), reading);
        if (reading == asio::error::would_block) return self->read();
        if (reading || count == 0) return self->close();
        self->take({bytes.data(), count});
    });
}

void Connection::take(std::string_view bytes) {
    if (!reader_) return read();  // after the request only the end of the connection matters
    const auto state = reader_->take(bytes);
    if (auto replies = reader_->take_replies(); !replies.empty()) {
        if (waiting_.size() + writing_.size() > kLongestBacklog) return close();
        send(replies);
    }
    switch (state) {
        case RequestReader::State::reading: return read();
        case RequestReader::State::aborted:
        case RequestReader::State::broken: return is_last_ ? void() : finish();
        case RequestReader::State::whole: break;
    }
    id_ = reader_->request_id();
    const auto reader = std::move(reader_);
    auto& parameters = reader->parameters();
    method = parameters.method();
    remote_ip = parameters.remote_ip();
    const auto id = parameters.request_id();
    auto request = parameters.take_request(id);
    read();
    if (!request) {
        request_id = id;
        return refuse(request.error());
    }
    host_.accept(shared_from_this(), std::move(*request));
}

void Connection::answer(const http::Response& response) {
    send(output_records(id_, server::response_head(response, response.body.size()) + response.body));
    finish();
}

void Connection::refuse(const Error& error) {
    const auto response = http::problem(error, request_id);
    host_.note_refusal(*this, response);
    answer(response);
}

void Connection::open(AcceptedStream accepted) {
    subscription_ = std::make_unique<Subscription>(std::move(*accepted.subscription));
    send(output_records(id_, server::response_head(accepted.response, std::nullopt) + accepted.first));
}

void Connection::say(std::string_view text) {
    if (!is_open() || is_last_ || text.empty()) return;
    if (waiting_.size() + writing_.size() + text.size() > kLongestBacklog) {
        host_.warn("slow_reader_dropped", request_id);
        return close();
    }
    send(output_records(id_, text));
}

void Connection::finish() {
    if (is_last_ || !is_open()) return;
    cut_at = steady_clock::now() + kLongestFarewell;
    if (id_ != 0) send(end_records(id_));
    is_last_ = true;
    if (!is_writing_) close();
}

void Connection::close() {
    if (!is_open()) return;
    Failure ignored;
    socket_.close(ignored);
    host_.leave(shared_from_this());
}

/// Writes in the next turn of the loop, not at once. The keeper writes once a second, so events come in
/// bursts. One write for all of them halves the work of nginx and the client.
void Connection::send(const std::string& records) {
    waiting_ += records;
    if (std::exchange(is_writing_, true)) return;
    asio::post(socket_.get_executor(), [self = shared_from_this()] {
        if (self->is_open()) self->write();
    });
}

void Connection::write() {
    writing_ = std::exchange(waiting_, {});
    asio::async_write(socket_, asio::buffer(writing_),
                      [self = shared_from_this()](Failure failure, std::size_t) {
                          self->writing_.clear();
                          if (self->writing_.capacity() > kKeptBuffer) self->writing_.shrink_to_fit();
                          if (!self->is_open()) return;
                          if (failure) return self->close();
                          if (!self->waiting_.empty()) return self->write();
                          self->is_writing_ = false;
                          if (self->is_last_) self->close();
                      });
}

}  // namespace csauth::streamer
