#pragma once

#include <cstddef>
#include <memory>
#include <optional>

#include "base/result.h"
#include "base/unique_fd.h"
#include "http/message.h"

namespace csauth::server {

/// The longest body that any route takes: a picture. Each route has its own limit below that.
inline constexpr std::size_t kLongestBody = 12UL * 1024 * 1024 + 24UL * 1024;

/// Reads and answers FastCGI requests with libfcgi, one at a time. The worker accepts connections itself.
/// Call read(), then answer() or drop(). Not for use in several threads.
class FastCgi {
public:
    /// Throws std::runtime_error if libfcgi can't be initialised.
    FastCgi();
    ~FastCgi();
    FastCgi(const FastCgi&) = delete;
    FastCgi& operator=(const FastCgi&) = delete;

    /// Reads the next request of a connection that is readable. Returns nullopt if no complete request of our
    /// nginx snippet arrived; then no client waits for an answer, and the caller calls drop(). Each read from
    /// the socket waits up to its receive timeout.
    ///
    /// An Error is for the client; known() identifies the request.
    /// `headers_too_large`, `bad_request`: see Parameters::take_request() and body_length().
    /// `body_too_large`: the body is longer than kLongestBody.
    /// `length_mismatch`: the body is not as long as Content-Length says.
    std::optional<Result<http::Request>> read(UniqueFd connection);

    /// Returns the id, method, path and client address of the last request, even if read() refused it.
    const http::Request& known() const { return known_; }

    /// Answers the request that was read. `without_body`: send the head alone, as for HEAD. Returns the
    /// connection if nginx keeps it for another request, and otherwise closes it and returns no descriptor.
    UniqueFd answer(const http::Response& response, bool without_body);

    /// Closes the connection without an answer, if one is open.
    void drop();

private:
    struct Request;
    std::unique_ptr<Request> request_;
    http::Request known_;
    bool is_read_ = false;  ///< true if the request was read to its end
};

}  // namespace csauth::server
