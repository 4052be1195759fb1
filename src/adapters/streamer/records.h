#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "server/cgi.h"

namespace csauth::streamer {

// The records of FastCGI 1.0, as far as one request on a connection needs them; for answers that take hours,
// which libfcgi could only give with a process for each.

/// nginx sends at most 96 KiB of headers, and the parameters of its snippet.
inline constexpr std::size_t kLongestParameters = 128 * 1024;
inline constexpr std::size_t kLongestRecord = 65'535;  // bytes of content

/// Reads the request of a connection.
class RequestReader {
public:
    enum class State {
        reading,
        whole,    ///< parameters() are there; of a body nothing is kept
        aborted,  ///< the gateway has given the request up
        broken,   ///< this is no FastCGI, or too much of it
    };

    /// Takes what has arrived, in pieces of any size.
    State take(std::string_view bytes);

    server::Parameters& parameters() { return parameters_; }
    std::uint16_t request_id() const { return request_id_; }

    /// What the gateway must be told before anything else: answers to questions about this end.
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

/// `text` as the output of a request, in as many records as it takes.
std::string output_records(std::uint16_t request_id, std::string_view text);

/// The end of the output and of the request.
std::string end_records(std::uint16_t request_id);

}  // namespace csauth::streamer
