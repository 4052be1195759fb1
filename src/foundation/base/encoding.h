#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace csauth {

/// These two return a view of the same memory. They copy nothing.
std::span<const std::uint8_t> as_bytes(std::string_view text);
std::string_view as_text(std::span<const std::uint8_t> bytes);

/// Returns two lower-case hexadecimal digits for each byte.
std::string hex(std::span<const std::uint8_t> bytes);

/// RFC 4648 section 4, with padding. Decoding returns nullopt for anything but the canonical form: padded,
/// no white space, unused bits zero.
std::string base64(std::string_view bytes);
std::optional<std::string> decode_base64(std::string_view text);

/// RFC 4648 section 5, without padding. Decoding returns nullopt for anything but the canonical form: no
/// padding, no white space, unused bits zero.
std::string base64url(std::string_view bytes);
std::optional<std::string> decode_base64url(std::string_view text);

/// Returns the part of `text` without ASCII white space at either end. The view shares its memory.
std::string_view trimmed(std::string_view text);

/// These three change or ignore the case of ASCII letters only. Every other byte is left as it is.
std::string ascii_lower(std::string_view text);
std::string ascii_upper(std::string_view text);
bool equals_ignoring_case(std::string_view a, std::string_view b);

/// Returns the longest prefix of at most `bytes` bytes that does not cut a UTF-8 sequence in two.
std::string_view utf8_prefix(std::string_view text, std::size_t bytes);

/// Returns true if `text` is valid UTF-8 (RFC 3629). An empty text is.
bool is_utf8(std::string_view text);

/// Returns `text` with U+FFFD for each byte that is not part of a UTF-8 sequence. For text that must be
/// shown or stored in any case.
std::string valid_utf8(std::string_view text);

/// Returns a JSON string (RFC 8259 section 7) with its quotes. Control characters, U+2028 and U+2029 are
/// escaped, so a value can never end the line that it is written to. Invalid UTF-8 becomes U+FFFD.
std::string json_string(std::string_view text);

}  // namespace csauth
