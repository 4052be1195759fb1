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

/// libfcgi, which is used for one request at a time and never for accepting.
class FastCgi {
public:
    FastCgi();
    ~FastCgi();
    FastCgi(const FastCgi&) = delete;
    FastCgi& operator=(const FastCgi&) = delete;

    /// Reads the next request of a connection on which there is something to read. Nothing when the peer did
    /// not send one that came from our nginx snippet to its last parameter: nobody waits for an answer then.
    ///
    /// An Error is for the client, such as a body that is too large or not as long as it says. known() says
    /// which request that was.
    std::optional<Result<http::Request>> read(UniqueFd connection);

    /// The id, method, path and caller of the request that was read last, also of one that was refused.
    const http::Request& known() const { return known_; }

    /// Answers the request that was read. The connection, where the peer wants to keep it for another.
    UniqueFd answer(const http::Response& response, bool without_body);

    /// Closes the connection without an answer.
    void drop();

private:
    struct Request;
    std::unique_ptr<Request> request_;
    http::Request known_;
    bool is_read_ = false;  ///< the request, to its end
};

}  // namespace csauth::server
