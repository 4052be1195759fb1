#include "mail/message.h"

#include <algorithm>
#include <stdexcept>

#include "base/encoding.h"
#include "base/timestamps.h"

namespace csauth::mail {
namespace {

constexpr std::size_t kLongestLine = 76;
constexpr std::string_view kHexDigits = "0123456789ABCDEF";

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

/// An address as it may stand between angle brackets; the service has parsed it long before.
std::string_view checked_address(std::string_view address) {
    constexpr std::string_view never = " <>()[]\\,;:\"";
    const bool bad = address.empty() || address.find('@') == std::string_view::npos ||
                     std::any_of(address.begin(), address.end(), [&](char c) {
                         return is_control(c) || never.find(c) != std::string_view::npos;
                     });
    if (bad) throw std::invalid_argument("this is no mail address");
    return address;
}

/// A display name (RFC 5322 section 3.2.5): in quotes, or encoded, so that a comma in it is no second
/// address.
std::string phrase(std::string_view name) {
    std::string encoded = encoded_header_text(name);
    if (encoded.starts_with("=?")) return encoded;
    std::string quoted = "\"";
    for (const char c : encoded) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += c;
    }
    return quoted += '"';
}

/// A boundary that can't stand in the parts: quoted-printable never writes "=_".
std::string boundary_for(const Message& message) {
    return "=_" + hex(as_bytes(message.message_id.substr(0, 16)));
}

std::string part(std::string_view type, std::string_view content) {
    return "Content-Type: " + std::string{type} + "; charset=utf-8\r\n" +
           "Content-Transfer-Encoding: quoted-printable\r\n\r\n" + quoted_printable(content) + "\r\n";
}

}  // namespace

std::string encoded_header_text(std::string_view text) {
    std::string flat{text};
    std::replace_if(flat.begin(), flat.end(), is_control, ' ');
    const bool plain =
        flat.size() < kLongestLine - 10 && flat.find("=?") == std::string::npos &&
        std::all_of(flat.begin(), flat.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    if (plain) return flat;

    // 45 bytes become 60 characters; with the frame of 12 an encoded word stays below 75.
    constexpr std::size_t bytes_per_word = 45;
    std::string words;
    for (std::string_view rest = flat; !rest.empty();) {
        const auto piece = utf8_prefix(rest, bytes_per_word);
        rest.remove_prefix(piece.size());
        words += (words.empty() ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?") + base64(piece) + "?=";
    }
    return words;
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
    mail += "Date: " + rfc5322_date(message.date) + "\r\n";
    mail += "From: " + phrase(message.from_name) + "\r\n <" + std::string{checked_address(message.from)} +
            ">\r\n";
    if (!message.reply_to.empty())
        mail += "Reply-To: <" + std::string{checked_address(message.reply_to)} + ">\r\n";
    mail += "To: <" + std::string{checked_address(message.to)} + ">\r\n";
    mail += "Subject: " + encoded_header_text(message.subject) + "\r\n";
    mail += "Message-ID: <" + message.message_id + ">\r\n";
    mail += "Auto-Submitted: auto-generated\r\n";  // RFC 3834 section 5
    mail += "MIME-Version: 1.0\r\n";
    mail += "Content-Type: multipart/alternative; boundary=\"" + boundary + "\"\r\n\r\n";
    mail += "--" + boundary + "\r\n" + part("text/plain", message.text);
    mail += "--" + boundary + "\r\n" + part("text/html", message.html);
    mail += "--" + boundary + "--\r\n";
    return mail;
}

}  // namespace csauth::mail
