#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace csauth::http {

/// A request as nginx vouches for it: the message is whole, and its body is as long as it says.
struct Request {
    std::string method;
    std::string path;  ///< normalised and percent-decoded by nginx, without the query
    std::string query;
    std::map<std::string, std::string, std::less<>> headers;  ///< by lower-case name, "accept-language"
    std::string content_type;
    std::string body;
    std::string remote_ip;  ///< the caller, as far as the trusted proxies vouch
    std::string scheme;
    std::string host;
    std::string id;  ///< in every answer and log line of this request

    std::string_view header(std::string_view name) const {
        const auto found = headers.find(name);
        return found == headers.end() ? std::string_view{} : std::string_view{found->second};
    }
};

struct Response {
    int status = 200;
    std::string body = {};
    std::string content_type = "application/json; charset=utf-8";
    std::vector<std::pair<std::string, std::string>> headers = {};
};

}  // namespace csauth::http
