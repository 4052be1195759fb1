#pragma once

#include <cstddef>
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

/// Returns the message as RFC 5322 and 2045 want it: multipart/alternative, with CRLF line ends, lines of at
/// most 76 characters in the parts, and header lines of at most 78, or 76 where they hold an encoded word.
/// Only an address or a Message-ID that is longer by itself makes a longer line. ASCII only, unless an
/// address has a local part that is not. No value can add a header or a part: line breaks in header values
/// become spaces. Throws std::invalid_argument if an address holds a character that no address has.
std::string render(const Message& message);

/// Returns the text for a header: as it is if it is ASCII and fits the line, otherwise as encoded words (RFC
/// 2047), folded to lines of at most 76 characters. `column`: how much of its line the header's name has
/// used. Takes any bytes; what is not UTF-8 becomes U+FFFD.
std::string encoded_header_text(std::string_view text, std::size_t column = 0);

/// RFC 2045 section 6.7, with CRLF line ends.
std::string quoted_printable(std::string_view text);

}  // namespace csauth::mail
