#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/message.h"

namespace csauth::server {

/// The most parameters that a request may have: those of csauth_params.conf and one for each header.
inline constexpr std::size_t kMostParameters = 256;

/// What nginx says of a request, as names and values (RFC 3875, section 4.1, and what csauth_params.conf
/// adds).
class Parameters {
public:
    /// Takes one parameter. Parameters after the first kMostParameters are counted and not kept.
    void add(std::string_view name, std::string_view value);

    /// Whether none is missing, as far as that can be told: nginx' snippet sends one last of all.
    bool is_whole() const;

    /// nginx' id of the request; a new one where there is none.
    std::string request_id() const;

    /// The method and the address of the caller. Call them before take_request().
    const std::string& method() const { return request_.method; }
    const std::string& remote_ip() const { return request_.remote_ip; }

    /// The path that nginx decoded. Call it before take_request().
    const std::string& path() const { return request_.path; }

    /// Hands over the request without its body. Call it once.
    /// `headers_too_large`: there were more than kMostParameters parameters.
    /// `bad_request`: the path, or a header that may come once, could be understood in two ways.
    Result<http::Request> take_request(const std::string& request_id);

    /// How long the body is. bad_request: that is no number.
    Result<std::size_t> body_length() const;

private:
    http::Request request_;
    std::string role_;
    std::string raw_uri_;
    std::string content_length_;
    std::string request_id_;
    std::size_t count_ = 0;
    bool has_last_ = false;
    bool is_ambiguous_ = false;  ///< a header that must be single came twice
};

/// Returns the head of a CGI response (RFC 3875, section 6.2), up to and including the empty line. The status
/// has its reason phrase: nginx copies the text after "Status:" into the status line, and RFC 9112, section 4
/// wants a space after the number. `length`: the body's length in bytes, where it is known.
std::string response_head(const http::Response& response, std::optional<std::size_t> length);

}  // namespace csauth::server
