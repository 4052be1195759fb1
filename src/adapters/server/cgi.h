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

/// The parameters of one request from nginx: the variables of RFC 3875, section 4.1, and those that
/// csauth_params.conf adds. Use one object for each request.
class Parameters {
public:
    /// Takes one parameter. Parameters after the first kMostParameters are counted and not kept.
    void add(std::string_view name, std::string_view value);

    /// Returns true if the request is complete: it has the parameter that csauth_params.conf sends last, the
    /// role RESPONDER, a method and a URI.
    bool is_whole() const;

    /// Returns nginx' id of the request: 32 hexadecimal digits. Makes a new random one if nginx sent none; it
    /// differs on each call.
    std::string request_id() const;

    /// Return the method and the client's address. Call them before take_request().
    const std::string& method() const { return request_.method; }
    const std::string& remote_ip() const { return request_.remote_ip; }

    /// Returns the path that nginx decoded. Call it before take_request().
    const std::string& path() const { return request_.path; }

    /// Moves the request out, without its body. Call it once.
    /// `headers_too_large`: there were more than kMostParameters parameters.
    /// `bad_request`: the path, or a header that may come once, could be understood in two ways.
    Result<http::Request> take_request(const std::string& request_id);

    /// Returns the length of the body in bytes; 0 if there is no Content-Length.
    /// `bad_request`: Content-Length is not a number.
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

/// Returns the head of a CGI response (RFC 3875, section 6.2), up to and including the empty line. `length`:
/// the body's length in bytes; nullopt for a stream. Throws std::logic_error if a header value has a line
/// break.
///
/// The status has its reason phrase. nginx copies the text after "Status:" into the status line, and RFC
/// 9112, section 4 requires a space after the number.
std::string response_head(const http::Response& response, std::optional<std::size_t> length);

}  // namespace csauth::server
