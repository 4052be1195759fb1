#include "streamer/records.h"

#include <algorithm>
#include <optional>

namespace csauth::streamer {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kHeader = 8;  // bytes

// Section 8 of the specification.
enum Type : std::uint8_t {
    begin_request = 1,
    abort_request = 2,
    end_request = 3,
    params = 4,
    stdin_stream = 5,
    stdout_stream = 6,
    get_values = 9,
    get_values_result = 10,
    unknown_type = 11,
};
constexpr std::uint8_t kResponder = 1;
constexpr std::uint8_t kMultiplexingRefused = 1;  // FCGI_CANT_MPX_CONN
constexpr std::uint8_t kUnknownRole = 3;

char byte_of(std::size_t value) { return static_cast<char>(static_cast<std::uint8_t>(value)); }
std::size_t number_at(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint8_t>(bytes.at(at));
}
std::uint16_t short_at(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint16_t>(number_at(bytes, at) << 8U | number_at(bytes, at + 1));
}

void add_record(std::string& to, std::uint8_t type, std::uint16_t id, std::string_view content) {
    to += {byte_of(kVersion),
           byte_of(type),
           byte_of(id >> 8U),
           byte_of(id),
           byte_of(content.size() >> 8U),
           byte_of(content.size()),
           0,
           0};
    to += content;
}

std::string end_of(std::uint16_t id, std::uint8_t protocol_status) {
    std::string record;
    add_record(record, end_request, id, std::string{0, 0, 0, 0, byte_of(protocol_status), 0, 0, 0});
    return record;
}

/// Takes a length of section 3.4 from the front: one byte, or four with the highest bit set. Returns nullopt
/// if bytes are missing.
std::optional<std::size_t> take_length(std::string_view& bytes) {
    if (bytes.empty()) return std::nullopt;
    const std::size_t first = number_at(bytes, 0);
    const std::size_t size = first < 0x80 ? 1 : 4;
    if (bytes.size() < size) return std::nullopt;
    const std::size_t length = size == 1 ? first
                                         : (first & 0x7fU) << 24U | number_at(bytes, 1) << 16U |
                                               number_at(bytes, 2) << 8U | number_at(bytes, 3);
    bytes.remove_prefix(size);
    return length;
}

}  // namespace

RequestReader::State RequestReader::take(std::string_view bytes) {
    if (state_ != State::reading && state_ != State::whole) return state_;
    pending_ += bytes;
    std::string_view rest = pending_;
    while (rest.size() >= kHeader) {
        const std::size_t content = short_at(rest, 4);
        const std::size_t padding = number_at(rest, 6);
        if (number_at(rest, 0) != kVersion) return state_ = State::broken;
        if (rest.size() < kHeader + content + padding) break;
        const auto next =
            take_record(static_cast<std::uint8_t>(rest[1]), short_at(rest, 2), rest.substr(kHeader, content));
        rest.remove_prefix(kHeader + content + padding);
        state_ = next;
        if (state_ == State::broken || state_ == State::aborted) break;
    }
    pending_.erase(0, pending_.size() - rest.size());
    return state_;
}

RequestReader::State RequestReader::take_record(std::uint8_t type, std::uint16_t id,
                                                std::string_view content) {
    if (id == 0) {
        // A management record (section 4). We reveal no limits, and know no other type.
        if (type == get_values)
            add_record(replies_, get_values_result, 0, {});
        else
            add_record(replies_, unknown_type, 0, std::string{byte_of(type), 0, 0, 0, 0, 0, 0, 0});
        return replies_.size() > kLongestRecord ? State::broken : state_;
    }
    if (type == begin_request) return take_beginning(id, content);
    if (!has_begun_ || id != request_id_) return state_;  // an unknown request: to be ignored (section 3.3)
    switch (type) {
        case abort_request: return State::aborted;
        case params:
            if (has_parameters_) return State::broken;
            if (!content.empty()) {
                if (encoded_parameters_.size() + content.size() > kLongestParameters) return State::broken;
                encoded_parameters_ += content;
                return state_;
            }
            has_parameters_ = true;
            return read_parameters() ? state_ : State::broken;
        case stdin_stream:
            // A GET has no body. If one arrives, it is ignored.
            if (!has_parameters_) return State::broken;
            return content.empty() ? State::whole : state_;
        default: return State::broken;
    }
}

RequestReader::State RequestReader::take_beginning(std::uint16_t id, std::string_view content) {
    if (content.size() != 8) return State::broken;
    if (has_begun_) {
        if (id == request_id_) return State::broken;
        replies_ += end_of(id, kMultiplexingRefused);
        return replies_.size() > kLongestRecord ? State::broken : state_;
    }
    if (short_at(content, 0) != kResponder) {
        replies_ += end_of(id, kUnknownRole);
        return State::broken;
    }
    has_begun_ = true;
    request_id_ = id;
    return state_;
}

bool RequestReader::read_parameters() {
    std::string_view rest = encoded_parameters_;
    while (!rest.empty()) {
        const auto name = take_length(rest);
        const auto value = take_length(rest);
        if (!name || !value || *name > rest.size() || *value > rest.size() - *name) return false;
        parameters_.add(rest.substr(0, *name), rest.substr(*name, *value));
        rest.remove_prefix(*name + *value);
    }
    encoded_parameters_ = {};
    return parameters_.is_whole();
}

std::string output_records(std::uint16_t request_id, std::string_view text) {
    std::string records;
    records.reserve(text.size() + kHeader * (text.size() / kLongestRecord + 1));
    while (!text.empty()) {
        const auto part = text.substr(0, kLongestRecord);
        add_record(records, stdout_stream, request_id, part);
        text.remove_prefix(part.size());
    }
    return records;
}

std::string end_records(std::uint16_t request_id) {
    std::string records;
    add_record(records, stdout_stream, request_id, {});
    return records + end_of(request_id, 0);
}

}  // namespace csauth::streamer
