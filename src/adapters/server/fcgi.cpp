#include "server/fcgi.h"

#include <fcgiapp.h>

#include <algorithm>
#include <cstdlib>
#include <stdexcept>
#include <utility>

#include "server/cgi.h"

namespace csauth::server {
namespace {

Parameters read_parameters(const char* const* environment) {
    Parameters parameters;
    for (; *environment != nullptr; ++environment) {
        const std::string_view pair = *environment;
        const auto equals = std::min(pair.find('='), pair.size());
        parameters.add(pair.substr(0, equals), pair.substr(std::min(equals + 1, pair.size())));
    }
    return parameters;
}

}  // namespace

struct FastCgi::Request {
    FCGX_Request fcgi{};
};

FastCgi::FastCgi() : request_{std::make_unique<Request>()} {
    // Milliseconds that closing waits for the peer to close. The library's default of 2 s would hold up a
    // worker.
    ::setenv("LIBFCGI_OS_CLOSE_POLL_TIMEOUT", "200", 1);
    if (FCGX_Init() != 0 || FCGX_InitRequest(&request_->fcgi, -1, 0) != 0)
        throw std::runtime_error("libfcgi can't be initialised");
}

FastCgi::~FastCgi() { drop(); }

std::optional<Result<http::Request>> FastCgi::read(UniqueFd connection) {
    FCGX_Request& fcgi = request_->fcgi;
    fcgi.ipcFd = connection.release();
    fcgi.keepConnection = 1;                    // otherwise the library closes our descriptor before it reads
    const int accepted = FCGX_Accept_r(&fcgi);  // sets keepConnection to the peer's choice
    if (accepted < 0 || FCGX_GetError(fcgi.in) != 0) return std::nullopt;

    is_read_ = false;
    Parameters parameters = read_parameters(fcgi.envp);
    if (!parameters.is_whole()) return std::nullopt;
    known_ = {.method = parameters.method(),
              .path = parameters.path(),
              .remote_ip = parameters.remote_ip(),
              .id = parameters.request_id()};

    // If a part of this request stays unread, it must not be taken for the next one.
    const int keeps = std::exchange(fcgi.keepConnection, 0);
    auto request = parameters.take_request(known_.id);
    if (!request) return request.error();
    const auto length = parameters.body_length();
    if (!length) return length.error();
    if (*length > kLongestBody) return Error{.code = ErrorCode::body_too_large};

    std::string body(*length, '\0');
    const int got = *length == 0 ? 0 : FCGX_GetStr(body.data(), static_cast<int>(*length), fcgi.in);
    // Reading one byte more finds the end of the stream, or shows that the stream broke off. It may break off
    // even among the headers, because nginx sends them after the last parameter of its snippet.
    char beyond = 0;
    const bool goes_on = FCGX_GetStr(&beyond, 1, fcgi.in) != 0;
    if (static_cast<std::size_t>(got) != *length || goes_on || FCGX_GetError(fcgi.in) != 0)
        return Error{.code = ErrorCode::length_mismatch};

    fcgi.keepConnection = keeps;
    is_read_ = true;
    request->body = std::move(body);
    return std::move(*request);
}

UniqueFd FastCgi::answer(const http::Response& response, bool without_body) {
    std::string text = response_head(response, response.body.size());
    if (!without_body) text += response.body;

    FCGX_Request& fcgi = request_->fcgi;
    const bool is_sent =
        FCGX_PutStr(text.data(), static_cast<int>(text.size()), fcgi.out) == static_cast<int>(text.size());
    // Before it closes, the library waits for the peer to close first, because unread data would cut the
    // answer off. A request that was read to its end leaves no unread data. The wait would cost two process
    // switches: 5 µs.
    const bool is_kept = fcgi.keepConnection != 0 && is_sent;
    if (is_read_) fcgi.keepConnection = 1;
    // Sends the library's buffer and the end of the request in one write. If that fails, a kept connection
    // becomes readable and is at its end.
    FCGX_Finish_r(&fcgi);
    UniqueFd connection{std::exchange(fcgi.ipcFd, -1)};
    return is_kept ? std::move(connection) : UniqueFd{};
}

void FastCgi::drop() {
    if (request_->fcgi.ipcFd < 0) return;
    FCGX_Free(&request_->fcgi, 1);
    request_->fcgi.ipcFd = -1;
}

}  // namespace csauth::server
