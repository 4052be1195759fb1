#pragma once

#include <chrono>
#include <string_view>

#include "base/log.h"
#include "http/message.h"

namespace csauth::server {

/// What the log says of a request besides its answer.
struct RequestLine {
    std::string_view id;
    std::string_view method;
    std::string_view route = "none";  ///< as the table of routes has it, never the path that was asked for
    std::chrono::duration<double, std::milli> took{0};
    std::string_view ip;
    std::string_view user = {};  ///< the id of the caller, where known
};

/// Writes the line of a request at level info. `code` in it is the problem's code where the request was
/// refused, and empty otherwise. docs/examples/fail2ban reads these lines: keep the order of the fields.
void log_request(const Log& log, const RequestLine& line, const http::Response& response);

}  // namespace csauth::server
