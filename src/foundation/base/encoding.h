#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace csauth {

std::span<const std::uint8_t> as_bytes(std::string_view text);
std::string_view as_text(std::span<const std::uint8_t> bytes);

/// Lower-case hexadecimal.
std::string hex(std::span<const std::uint8_t> bytes);

/// RFC 4648 section 4, with padding.
std::string base64(std::string_view bytes);
std::optional<std::string> decode_base64(std::string_view text);

/// RFC 4648 section 5, without padding. Decoding takes the canonical form only: no padding, no white
/// space, unused bits zero.
std::string base64url(std::string_view bytes);
std::optional<std::string> decode_base64url(std::string_view text);

/// Without ASCII white space at either end.
std::string_view trimmed(std::string_view text);

/// A to Z become a to z; every other byte stays.
std::string ascii_lower(std::string_view text);
std::string ascii_upper(std::string_view text);
bool equals_ignoring_case(std::string_view a, std::string_view b);

/// The longest prefix of at most `bytes` bytes that does not cut a UTF-8 sequence in two.
std::string_view utf8_prefix(std::string_view text, std::size_t bytes);

/// Whether it is nothing but UTF-8 sequences (RFC 3629).
bool is_utf8(std::string_view text);

/// Replaces what is not a UTF-8 sequence by U+FFFD, for text that must be shown or stored all the same.
std::string valid_utf8(std::string_view text);

/// A JSON string with its quotes. Control characters, U+2028 and U+2029 are escaped, so a value can
/// never end the line that it stands in; invalid UTF-8 becomes U+FFFD.
std::string json_string(std::string_view text);

}  // namespace csauth
