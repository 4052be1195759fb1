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
    std::string reply_to = {};  ///< a bare address; empty: no Reply-To header
    std::string to;             ///< a bare address
    std::string subject;
    std::string text;
    std::string html;
    std::string message_id;  ///< without the angle brackets; the same whenever the same mail is sent again
    TimePoint date;
};

/// Returns the message in the format of RFC 5322 and 2045: multipart/alternative with CRLF line ends. Throws
/// std::invalid_argument if an address contains a character that no address has.
///
/// A line of a part has at most 76 characters. A header line has at most 78, or 76 if it contains an encoded
/// word. Only an address or a Message-ID that is longer by itself makes a longer line. All is ASCII, unless
/// an address is not.
///
/// No address, name or subject can add a header, because line breaks in them become spaces or are refused. No
/// text can add a part. `message_id` is not checked.
std::string render(const Message& message);

/// Returns the text in the form for a header. ASCII that fits the line is not changed. Other text becomes
/// encoded words (RFC 2047), folded to lines of at most 76 characters; bytes that are not UTF-8 become
/// U+FFFD.
/// `column`: how many characters of the line the name of the header takes.
std::string encoded_header_text(std::string_view text, std::size_t column = 0);

/// Returns the text as quoted-printable (RFC 2045 section 6.7), with CRLF line ends.
std::string quoted_printable(std::string_view text);

}  // namespace csauth::mail
