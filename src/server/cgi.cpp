#include "server/cgi.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "base/encoding.h"
#include "base/random.h"

namespace csauth::server {
namespace {

/// libfcgi takes a stream that breaks off among the parameters for a whole request, so only this tells that
/// none is missing.
constexpr std::string_view kLastParameter = "CSAUTH_END";

/// Where the raw path and the one that nginx decoded could be understood differently.
bool is_ambiguous(std::string_view raw_path) {
    const std::string lower = ascii_lower(raw_path);
    for (const std::string_view odd : {"//", "/../", "/./", "%2e", "%2f", "%5c", "%00", "\\"})
        if (lower.find(odd) != std::string::npos) return true;
    return lower.ends_with("/..") || lower.ends_with("/.");
}

bool is_request_id(std::string_view id) {
    return id.size() == 32 && std::all_of(id.begin(), id.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

std::optional<std::size_t> length_in(std::string_view text) {
    if (text.empty()) return 0;
    std::size_t length = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return length;
}

/// HTTP_ACCEPT_LANGUAGE becomes accept-language.
std::string header_name(std::string_view variable) {
    std::string name = ascii_lower(variable.substr(std::string_view{"HTTP_"}.size()));
    std::replace(name.begin(), name.end(), '_', '-');
    return name;
}

}  // namespace

void Parameters::add(std::string_view name, std::string_view value) {
    if (name == kLastParameter) is_whole_ = true;
    if (!name.starts_with("HTTP_")) {
        variables_.emplace(name, value);
        return;
    }
    const auto [known, is_new] = headers_.emplace(header_name(name), value);
    if (is_new) return;
    if (known->first == "cookie")
        known->second.append("; ").append(value);  // HTTP/2 and some clients split it
    else if (known->first == "authorization")
        is_ambiguous_ = true;
}

bool Parameters::is_whole() const {
    return is_whole_ && (*this)["FCGI_ROLE"] == "RESPONDER" && !(*this)["REQUEST_METHOD"].empty() &&
           !(*this)["REQUEST_URI"].empty();
}

std::string_view Parameters::operator[](std::string_view name) const {
    const auto found = variables_.find(name);
    return found == variables_.end() ? std::string_view{} : std::string_view{found->second};
}

std::string Parameters::request_id() const {
    const auto id = (*this)["CSAUTH_REQUEST_ID"];
    if (is_request_id(id)) return std::string{id};
    SystemRandom random;
    return hex(random.bytes<16>());
}

Result<http::Request> Parameters::request(const std::string& request_id) const {
    const auto raw_uri = (*this)["REQUEST_URI"];
    if (is_ambiguous_ || is_ambiguous(raw_uri.substr(0, raw_uri.find('?'))))
        return Error{.code = ErrorCode::bad_request,
                     .detail = "The path, or a header that may come once, is ambiguous."};
    const auto text = [&](std::string_view name) { return std::string{(*this)[name]}; };
    return http::Request{.method = text("REQUEST_METHOD"),
                         .path = text("DOCUMENT_URI"),
                         .query = text("QUERY_STRING"),
                         .headers = headers_,
                         .content_type = text("CONTENT_TYPE"),
                         .body = {},
                         .remote_ip = text("REMOTE_ADDR"),
                         .scheme = text("REQUEST_SCHEME"),
                         .host = text("CSAUTH_HOST"),
                         .id = request_id};
}

Result<std::size_t> Parameters::body_length() const {
    const auto length = length_in((*this)["CONTENT_LENGTH"]);
    if (!length) return Error{.code = ErrorCode::bad_request, .detail = "Content-Length is not a number."};
    return *length;
}

std::string response_head(const http::Response& response, std::optional<std::size_t> length) {
    std::string text = "Status: " + std::to_string(response.status) + "\r\n";
    if (length != 0U) text += "Content-Type: " + response.content_type + "\r\n";
    for (const auto& [name, value] : response.headers) {
        // A line break in a value would begin a header of somebody else's choice.
        if (value.find_first_of("\r\n") != std::string::npos)
            throw std::logic_error("a line break in header " + name);
        text.append(name).append(": ").append(value).append("\r\n");
    }
    if (length && response.status != 204) text += "Content-Length: " + std::to_string(*length) + "\r\n";
    return text + "\r\n";
}

}  // namespace csauth::server
