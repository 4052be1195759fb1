#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/message.h"

namespace csauth::server {

/// What nginx says of a request, as names and values (RFC 3875, section 4.1, and what csauth_params.conf
/// adds).
class Parameters {
public:
    void add(std::string_view name, std::string_view value);

    /// Whether none is missing, as far as that can be told: nginx' snippet sends one last of all.
    bool is_whole() const;

    /// nginx' id of the request; a fresh one where there is none.
    std::string request_id() const;

    /// The request without its body; once, as it is handed over. bad_request: a path, or a header that may
    /// come once, could be understood in two ways.
    Result<http::Request> take_request(const std::string& request_id);

    /// How long the body is. bad_request: that is no number.
    Result<std::size_t> body_length() const;

private:
    http::Request request_;
    std::string role_;
    std::string raw_uri_;
    std::string content_length_;
    std::string request_id_;
    bool has_last_ = false;
    bool is_ambiguous_ = false;  ///< a header that must be single came twice
};

/// The head of a CGI response (RFC 3875, section 6.2), with the empty line at its end. `length`: of the body,
/// where that is known.
std::string response_head(const http::Response& response, std::optional<std::size_t> length);

}  // namespace csauth::server
