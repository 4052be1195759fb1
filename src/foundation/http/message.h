#pragma once

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace csauth::http {

/// Headers by lower-case name, "accept-language", each once. One behind the other, as there are a dozen of
/// them: a tree asks the heap for each.
class Headers {
public:
    Headers() = default;
    Headers(std::initializer_list<std::pair<std::string, std::string>> all) {
        for (const auto& [name, value] : all)
            (*this)[name] = value;
    }

    /// nullptr: there is none of that name.
    const std::string* find(std::string_view name) const {
        const auto found =
            std::find_if(all_.begin(), all_.end(), [&](const auto& header) { return header.first == name; });
        return found == all_.end() ? nullptr : &found->second;
    }
    std::string* find(std::string_view name) {
        return const_cast<std::string*>(std::as_const(*this).find(name));  // NOLINT: ours to change
    }

    /// An empty one where there is none yet.
    std::string& operator[](std::string_view name) {
        if (auto* const known = find(name)) return *known;
        return all_.emplace_back(name, std::string{}).second;
    }

    auto begin() const { return all_.begin(); }
    auto end() const { return all_.end(); }

private:
    std::vector<std::pair<std::string, std::string>> all_;
};

/// A request as nginx vouches for it: the message is whole, and its body is as long as it says.
struct Request {
    std::string method;
    std::string path;  ///< normalised and percent-decoded by nginx, without the query
    std::string query;
    Headers headers;
    std::string content_type;
    std::string body;
    std::string remote_ip;  ///< the caller, as far as the trusted proxies vouch
    std::string scheme;
    std::string host;
    std::string id;  ///< in every answer and log line of this request

    /// What a location of a protected site asks of its visitor, as nginx' own configuration says it; nullopt
    /// where the request did not come through such a location.
    std::optional<std::string> requirement = {};
    /// True if the request came through the listener for proxies on other machines, which must show a key.
    bool is_from_remote_proxy = false;

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
    std::string_view code = {};  ///< the problem's, for the log; empty where the request is not refused
};

}  // namespace csauth::http
