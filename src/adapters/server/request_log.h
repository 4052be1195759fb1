#pragma once

#include <chrono>
#include <string_view>

#include "base/log.h"
#include "http/message.h"

namespace csauth::server {

/// A request in the log, without its response.
struct RequestLine {
    std::string_view id;
    std::string_view method;
    std::string_view route = "none";  ///< from the table of routes, never the path of the request
    std::chrono::duration<double, std::milli> took{0};
    std::string_view ip;
    std::string_view user = {};  ///< the id of the caller; empty if unknown
};

/// Writes the line of a request at level info. `code` in it is the code of the problem document, or empty if
/// the request was not refused. docs/examples/fail2ban reads these lines: keep the order of the fields.
void log_request(const Log& log, const RequestLine& line, const http::Response& response);

}  // namespace csauth::server
