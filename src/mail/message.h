#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"

namespace csauth::mail {

/// A mail to one person, in plain text and HTML.
struct Message {
    std::string from;  ///< a bare address
    std::string from_name;
    std::string reply_to = {};  ///< a bare address, or nothing
    std::string to;             ///< a bare address
    std::string subject;
    std::string text;
    std::string html;
    std::string message_id;  ///< without the angle brackets; the same whenever the same mail is sent again
    TimePoint date;
};

/// The message as RFC 5322 and 2045 want it, multipart/alternative, with CRLF line ends and lines of at most
/// 76 characters. ASCII only, unless an address has a local part that is not. No value can add a header or a
/// part: line breaks in header values become spaces. Throws std::invalid_argument when an address holds a
/// character that no address has.
std::string render(const Message& message);

/// RFC 2047, folded; text that needs no encoding stays.
std::string encoded_header_text(std::string_view text);

/// RFC 2045 section 6.7, with CRLF line ends.
std::string quoted_printable(std::string_view text);

}  // namespace csauth::mail
