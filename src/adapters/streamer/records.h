#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "server/cgi.h"

namespace csauth::streamer {

// The records of FastCGI 1.0 that one request on a connection needs. A stream takes hours, and libfcgi would
// need a process for each.

/// The most bytes of encoded parameters. nginx sends at most 96 KiB of headers, and the parameters of its
/// snippet.
inline constexpr std::size_t kLongestParameters = 128 * 1024;
inline constexpr std::size_t kLongestRecord = 65'535;  // bytes of content

/// Reads the request of a connection. It does no I/O.
class RequestReader {
public:
    /// How far the request has been read.
    enum class State {
        reading,
        whole,    ///< the request is complete and parameters() are valid; a body was ignored
        aborted,  ///< nginx has given up the request
        broken,   ///< the bytes are not FastCGI, or exceed a limit
    };

    /// Takes bytes that have arrived, in pieces of any size. Returns the state after them. After `aborted`
    /// and `broken` the state is final.
    State take(std::string_view bytes);

    /// Returns the parameters. Call it in state `whole`.
    server::Parameters& parameters() { return parameters_; }
    /// Returns FastCGI's number of the request; 0 before it has begun.
    std::uint16_t request_id() const { return request_id_; }

    /// Returns records to send before anything else, once: answers to management records (section 4), and
    /// refusals of a second request or another role.
    std::string take_replies() { return std::exchange(replies_, {}); }

private:
    State take_record(std::uint8_t type, std::uint16_t id, std::string_view content);
    State take_beginning(std::uint16_t id, std::string_view content);
    bool read_parameters();

    State state_ = State::reading;
    std::string pending_;
    std::string encoded_parameters_;
    std::string replies_;
    server::Parameters parameters_;
    std::uint16_t request_id_ = 0;
    bool has_begun_ = false;
    bool has_parameters_ = false;
};

/// Returns `text` as output records of the request, each of at most kLongestRecord bytes of content.
std::string output_records(std::uint16_t request_id, std::string_view text);

/// Returns the records that end the output and the request.
std::string end_records(std::uint16_t request_id);

}  // namespace csauth::streamer
