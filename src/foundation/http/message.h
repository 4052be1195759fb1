#pragma once

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace csauth::http {

/// Headers by lower-case name, such as "accept-language". Each name occurs once. They are in a vector because
/// there are about a dozen: a tree would need memory from the heap for each.
class Headers {
public:
    Headers() = default;
    Headers(std::initializer_list<std::pair<std::string, std::string>> all) {
        for (const auto& [name, value] : all)
            (*this)[name] = value;
    }

    /// Returns nullptr if there is no header of that name. `name` must be in lower case.
    const std::string* find(std::string_view name) const {
        const auto found =
            std::find_if(all_.begin(), all_.end(), [&](const auto& header) { return header.first == name; });
        return found == all_.end() ? nullptr : &found->second;
    }
    std::string* find(std::string_view name) {
        return const_cast<std::string*>(std::as_const(*this).find(name));  // NOLINT: ours to change
    }

    /// Returns the value of the header, and adds an empty one if there is none yet.
    std::string& operator[](std::string_view name) {
        if (auto* const known = find(name)) return *known;
        return all_.emplace_back(name, std::string{}).second;
    }

    auto begin() const { return all_.begin(); }
    auto end() const { return all_.end(); }

private:
    std::vector<std::pair<std::string, std::string>> all_;
};

/// A request that nginx has passed on: the message is complete, and the body is as long as its
/// Content-Length.
struct Request {
    std::string method;
    std::string path;  ///< normalised and percent-decoded by nginx, without the query
    std::string query;
    Headers headers;
    std::string content_type;  ///< the Content-Type header; empty if there is none
    std::string body;
    std::string remote_ip;  ///< the client's address, as far as the trusted proxies vouch for it
    std::string scheme;     ///< "https" or "http"
    std::string host;       ///< nginx' $host: in lower case and without the port
    std::string id;         ///< in every response and log line of this request

    /// What a location of a protected site requires of its visitors, from nginx' own configuration. nullopt:
    /// the request did not come through such a location.
    std::optional<std::string> requirement = {};
    /// True if the request came through the listener for proxies on other machines, which must show a key.
    bool is_from_remote_proxy = false;

    /// Returns an empty text if there is no header of that name. `name` must be in lower case.
    std::string_view header(std::string_view name) const {
        const auto* const found = headers.find(name);
        return found == nullptr ? std::string_view{} : std::string_view{*found};
    }
};

struct Response {
    int status = 200;
    std::string body = {};
    std::string_view content_type = "application/json; charset=utf-8";  ///< a literal
    std::vector<std::pair<std::string, std::string>> headers = {};
    std::string_view code = {};  ///< of the problem, for the log; empty if the request was not refused
};

}  // namespace csauth::http
