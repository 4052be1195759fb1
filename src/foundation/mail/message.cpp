#include "mail/message.h"

#include <algorithm>
#include <stdexcept>

#include "base/encoding.h"
#include "base/timestamps.h"

namespace csauth::mail {
namespace {

constexpr std::size_t kLongestLine = 76;         // RFC 2045 section 6.7, RFC 2047 section 2
constexpr std::size_t kLongestHeaderLine = 78;   // RFC 5322 section 2.1.1
constexpr std::size_t kLongestEncodedWord = 75;  // RFC 2047 section 2
constexpr std::string_view kEncodedWordBegins = "=?UTF-8?B?";
constexpr std::string_view kEncodedWordEnds = "?=";
constexpr std::string_view kHexDigits = "0123456789ABCDEF";

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

/// Returns the address if it may be written between angle brackets. Throws std::invalid_argument if not,
/// which is a fault of ours: the service parses addresses long before.
std::string_view checked_address(std::string_view address) {
    constexpr std::string_view never = " <>()[]\\,;:\"";
    const bool bad = address.empty() || address.find('@') == std::string_view::npos ||
                     std::any_of(address.begin(), address.end(), [&](char c) {
                         return is_control(c) || never.find(c) != std::string_view::npos;
                     });
    if (bad) throw std::invalid_argument("this is no mail address");
    return address;
}

std::string without_controls(std::string_view text) {
    std::string flat{text};
    std::replace_if(flat.begin(), flat.end(), is_control, ' ');
    return flat;
}

/// Returns true if a header can contain the text unchanged: it is ASCII and does not look like an encoded
/// word.
bool needs_no_encoding(std::string_view flat) {
    return flat.find("=?") == std::string_view::npos &&
           std::all_of(flat.begin(), flat.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// Returns how many bytes of text an encoded word of `characters` contains: three bytes in four characters.
constexpr std::size_t bytes_in_word(std::size_t characters) {
    constexpr std::size_t frame = kEncodedWordBegins.size() + kEncodedWordEnds.size();
    return characters < frame ? 0 : (characters - frame) / 4 * 3;
}

/// Returns the text as folded encoded words. Bytes that are not UTF-8 become U+FFFD. `column`: how many
/// characters the first line already has.
std::string encoded_words(std::string_view flat, std::size_t column) {
    constexpr std::size_t longest_sequence = 4;  // of UTF-8, in bytes
    const std::string text = valid_utf8(flat);
    std::string words;
    for (std::string_view rest = text; !rest.empty(); column = 1) {  // the space that begins a folded line
        if (!words.empty()) words += "\r\n ";
        std::size_t room =
            bytes_in_word(std::min(kLongestEncodedWord, kLongestLine - std::min(column, kLongestLine)));
        if (room < longest_sequence) {
            words += "\r\n ";
            room = bytes_in_word(kLongestEncodedWord);
        }
        const auto piece = utf8_prefix(rest, room);
        rest.remove_prefix(piece.size());
        words.append(kEncodedWordBegins).append(base64(piece)).append(kEncodedWordEnds);
    }
    return words;
}

/// Returns a display name (RFC 5322 section 3.2.5) in quotes or encoded, so that a comma in it does not begin
/// a second address. `column`: how many characters the line already has.
std::string phrase(std::string_view name, std::size_t column) {
    const std::string flat = without_controls(name);
    std::string quoted = "\"";
    for (const char c : flat) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += c;
    }
    quoted += '"';
    return needs_no_encoding(flat) && column + quoted.size() <= kLongestLine ? quoted
                                                                             : encoded_words(flat, column);
}

/// Returns a header whose value can't be encoded. If name and value are too long for one line, the value
/// begins on a line of its own.
std::string header(std::string_view name, const std::string& value) {
    constexpr std::size_t separator = 2;
    const bool fits = name.size() + separator + value.size() <= kLongestHeaderLine;
    return std::string{name}.append(fits ? ": " : ":\r\n ").append(value).append("\r\n");
}

/// Returns a boundary that the parts can't contain, because quoted-printable never writes "=_".
std::string boundary_for(const Message& message) {
    return "=_" + hex(as_bytes(message.message_id.substr(0, 16)));
}

std::string part(std::string_view type, std::string_view content) {
    return "Content-Type: " + std::string{type} + "; charset=utf-8\r\n" +
           "Content-Transfer-Encoding: quoted-printable\r\n\r\n" + quoted_printable(content) + "\r\n";
}

}  // namespace

std::string encoded_header_text(std::string_view text, std::size_t column) {
    std::string flat = without_controls(text);
    if (needs_no_encoding(flat) && column + flat.size() <= kLongestLine) return flat;
    return encoded_words(flat, column);
}

std::string quoted_printable(std::string_view text) {
    std::string encoded;
    std::size_t column = 0;
    const auto put = [&](std::string_view piece) {
        if (column + piece.size() > kLongestLine - 1) {
            encoded += "=\r\n";
            column = 0;
        }
        encoded += piece;
        column += piece.size();
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const auto byte = static_cast<unsigned char>(c);
        const bool ends_line = i + 1 == text.size() || text[i + 1] == '\n' || text[i + 1] == '\r';
        if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
        if (c == '\n') {
            encoded += "\r\n";
            column = 0;
        } else if ((byte > 0x20 && byte < 0x7f && c != '=') || (c == ' ' && !ends_line)) {
            put({&text[i], 1});
        } else {
            const char escaped[] = {'=', kHexDigits[byte >> 4U], kHexDigits[byte & 15U]};
            put({escaped, sizeof escaped});
        }
    }
    return encoded;
}

std::string render(const Message& message) {
    const std::string boundary = boundary_for(message);
    std::string mail;
    constexpr std::string_view from = "From: ";
    constexpr std::string_view subject = "Subject: ";
    mail += header("Date", rfc5322_date(message.date));
    mail.append(from).append(phrase(message.from_name, from.size()));
    mail += "\r\n <" + std::string{checked_address(message.from)} + ">\r\n";
    if (!message.reply_to.empty())
        mail += header("Reply-To", "<" + std::string{checked_address(message.reply_to)} + ">");
    mail += header("To", "<" + std::string{checked_address(message.to)} + ">");
    mail.append(subject).append(encoded_header_text(message.subject, subject.size())).append("\r\n");
    mail += header("Message-ID", "<" + message.message_id + ">");
    mail += "Auto-Submitted: auto-generated\r\n";  // RFC 3834 section 5
    mail += "MIME-Version: 1.0\r\n";
    mail += "Content-Type: multipart/alternative;\r\n boundary=\"" + boundary + "\"\r\n\r\n";
    mail += "--" + boundary + "\r\n" + part("text/plain", message.text);
    mail += "--" + boundary + "\r\n" + part("text/html", message.html);
    mail += "--" + boundary + "--\r\n";
    return mail;
}

}  // namespace csauth::mail
