#include "server/fcgi.h"

#include <fcgiapp.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <stdexcept>

#include "base/encoding.h"
#include "base/random.h"

namespace csauth::server {
namespace {

/// nginx' snippet sends this one last. libfcgi takes a stream that breaks off among the parameters for a
/// whole request, so only this tells that none is missing.
constexpr std::string_view kLastParameter = "CSAUTH_END";

constexpr std::size_t kMostParameters = 256;
constexpr int kFlushed = 0;

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

struct Parameters {
    std::map<std::string, std::string, std::less<>> variables;
    std::map<std::string, std::string, std::less<>> headers;
    bool complete = false;
    bool ambiguous = false;  ///< a header that must be single came twice

    std::string_view operator[](std::string_view name) const {
        const auto found = variables.find(name);
        return found == variables.end() ? std::string_view{} : std::string_view{found->second};
    }
};

Parameters read_parameters(const char* const* environment) {
    Parameters parameters;
    std::size_t count = 0;
    for (; *environment != nullptr && count < kMostParameters; ++environment, ++count) {
        const std::string_view pair = *environment;
        const auto equals = pair.find('=');
        const auto name = pair.substr(0, equals);
        const std::string value{equals == std::string_view::npos ? std::string_view{}
                                                                 : pair.substr(equals + 1)};
        if (name == kLastParameter) parameters.complete = true;
        if (!name.starts_with("HTTP_")) {
            parameters.variables.emplace(name, value);
            continue;
        }
        const auto [known, is_new] = parameters.headers.emplace(header_name(name), value);
        if (is_new) continue;
        if (known->first == "cookie")
            known->second += "; " + value;  // HTTP/2 and some clients split it
        else if (known->first == "authorization")
            parameters.ambiguous = true;
    }
    return parameters;
}

std::string fresh_request_id() {
    SystemRandom random;
    return hex(random.bytes<16>());
}

}  // namespace

struct FastCgi::Request {
    FCGX_Request fcgi{};
};

FastCgi::FastCgi() : request_{std::make_unique<Request>()} {
    // How long closing waits for the peer's end of file; the library's own 2 s would hold a worker.
    ::setenv("LIBFCGI_OS_CLOSE_POLL_TIMEOUT", "200", 1);
    if (FCGX_Init() != 0 || FCGX_InitRequest(&request_->fcgi, -1, 0) != 0)
        throw std::runtime_error("libfcgi can't be initialised");
}

FastCgi::~FastCgi() { drop(); }

std::optional<Result<http::Request>> FastCgi::read(UniqueFd connection) {
    FCGX_Request& fcgi = request_->fcgi;
    fcgi.ipcFd = connection.release();
    fcgi.keepConnection = 1;                    // or the library would close our descriptor before it reads
    const int accepted = FCGX_Accept_r(&fcgi);  // sets keepConnection to what the peer asks for
    if (accepted < 0 || FCGX_GetError(fcgi.in) != 0) return std::nullopt;

    Parameters parameters = read_parameters(fcgi.envp);
    if (!parameters.complete || parameters["FCGI_ROLE"] != "RESPONDER" ||
        parameters["REQUEST_METHOD"].empty() || parameters["REQUEST_URI"].empty())
        return std::nullopt;
    const auto id = parameters["CSAUTH_REQUEST_ID"];
    request_id_ = is_request_id(id) ? std::string{id} : fresh_request_id();

    // What is left unread of a request must not be taken for the next one.
    const int keeps = std::exchange(fcgi.keepConnection, 0);
    const auto raw_uri = parameters["REQUEST_URI"];
    if (parameters.ambiguous || is_ambiguous(raw_uri.substr(0, raw_uri.find('?'))))
        return Error{.code = ErrorCode::bad_request,
                     .detail = "The path, or a header that may come once, is ambiguous."};
    const auto length = length_in(parameters["CONTENT_LENGTH"]);
    if (!length) return Error{.code = ErrorCode::bad_request, .detail = "Content-Length is not a number."};
    if (*length > kLongestBody) return Error{.code = ErrorCode::body_too_large};

    std::string body(*length, '\0');
    const int got = *length == 0 ? 0 : FCGX_GetStr(body.data(), static_cast<int>(*length), fcgi.in);
    // Reading on finds the end of the stream; or that it broke off, even among the headers, which nginx sends
    // behind the last parameter of its snippet.
    char beyond = 0;
    const bool goes_on = FCGX_GetStr(&beyond, 1, fcgi.in) != 0;
    if (static_cast<std::size_t>(got) != *length || goes_on || FCGX_GetError(fcgi.in) != 0)
        return Error{.code = ErrorCode::length_mismatch};

    fcgi.keepConnection = keeps;
    return http::Request{.method = std::string{parameters["REQUEST_METHOD"]},
                         .path = std::string{parameters["DOCUMENT_URI"]},
                         .query = std::string{parameters["QUERY_STRING"]},
                         .headers = std::move(parameters.headers),
                         .content_type = std::string{parameters["CONTENT_TYPE"]},
                         .body = std::move(body),
                         .remote_ip = std::string{parameters["REMOTE_ADDR"]},
                         .scheme = std::string{parameters["REQUEST_SCHEME"]},
                         .host = std::string{parameters["CSAUTH_HOST"]},
                         .id = request_id_};
}

UniqueFd FastCgi::answer(const http::Response& response, bool without_body) {
    std::string text = "Status: " + std::to_string(response.status) + "\r\n";
    if (!response.body.empty()) text += "Content-Type: " + response.content_type + "\r\n";
    for (const auto& [name, value] : response.headers) {
        // A line break in a value would begin a header of somebody else's choice.
        if (value.find_first_of("\r\n") != std::string::npos)
            throw std::logic_error("a line break in header " + name);
        text.append(name).append(": ").append(value).append("\r\n");
    }
    if (response.status != 204) text += "Content-Length: " + std::to_string(response.body.size()) + "\r\n";
    text += "\r\n";
    if (!without_body) text += response.body;

    FCGX_Request& fcgi = request_->fcgi;
    if (FCGX_PutStr(text.data(), static_cast<int>(text.size()), fcgi.out) != static_cast<int>(text.size()) ||
        FCGX_FFlush(fcgi.out) != kFlushed)
        fcgi.keepConnection = 0;  // the client has gone
    FCGX_Finish_r(&fcgi);         // closes the connection unless it is kept
    return UniqueFd{std::exchange(fcgi.ipcFd, -1)};
}

void FastCgi::drop() {
    if (request_->fcgi.ipcFd < 0) return;
    FCGX_Free(&request_->fcgi, 1);
    request_->fcgi.ipcFd = -1;
}

}  // namespace csauth::server
