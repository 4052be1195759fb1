#include "base/encoding.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace csauth {
namespace {

constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBase64Url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string encode(std::string_view bytes, std::string_view alphabet, bool padded) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    const auto byte = [&](std::size_t at) -> std::uint32_t { return static_cast<std::uint8_t>(bytes[at]); };
    std::size_t i = 0;
    for (; i + 3 <= bytes.size(); i += 3) {
        const std::uint32_t group = byte(i) << 16U | byte(i + 1) << 8U | byte(i + 2);
        const std::array<char, 4> four{alphabet[group >> 18U], alphabet[group >> 12U & 63U],
                                       alphabet[group >> 6U & 63U], alphabet[group & 63U]};
        text.append(four.data(), four.size());
    }
    for (; i < bytes.size(); i += 3) {
        const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t group = 0;
        for (std::size_t k = 0; k < 3; ++k)
            group = group << 8U | (k < count ? static_cast<std::uint8_t>(bytes[i + k]) : 0U);
        for (std::size_t k = 0; k < 4; ++k) {
            if (k <= count)
                text += alphabet[group >> (18U - 6U * k) & 63U];
            else if (padded)
                text += '=';
        }
    }
    return text;
}

/// The place of each byte in an alphabet of 64 characters, or kNoPlace.
using Places = std::array<std::uint8_t, 256>;
constexpr std::uint8_t kNoPlace = 64;

constexpr Places places_in(std::string_view alphabet) {
    Places places{};
    places.fill(kNoPlace);
    for (std::size_t i = 0; i < alphabet.size(); ++i)
        places[static_cast<std::uint8_t>(alphabet[i])] = static_cast<std::uint8_t>(i);
    return places;
}

constexpr Places kBase64Places = places_in(kBase64);
constexpr Places kBase64UrlPlaces = places_in(kBase64Url);

std::optional<std::string> decode(std::string_view text, const Places& places) {
    const std::size_t tail = text.size() % 4;
    if (tail == 1) return std::nullopt;
    const auto place = [&](std::size_t i) -> std::uint32_t {
        return places[static_cast<std::uint8_t>(text[i])];
    };
    std::string bytes(text.size() / 4 * 3 + (tail == 0 ? 0 : tail - 1), '\0');
    char* out = bytes.data();
    // Four characters are three bytes. A character without a place sets a bit that no other sets. One test
    // after the loop finds it.
    std::uint32_t all = 0;
    std::size_t i = 0;
    for (; i + 4 <= text.size(); i += 4) {
        const std::uint32_t a = place(i), b = place(i + 1), c = place(i + 2), d = place(i + 3);
        all |= a | b | c | d;
        const std::uint32_t group = a << 18U | b << 12U | c << 6U | d;
        *out++ = static_cast<char>(group >> 16U & 0xffU);
        *out++ = static_cast<char>(group >> 8U & 0xffU);
        *out++ = static_cast<char>(group & 0xffU);
    }
    if (tail != 0) {
        const std::uint32_t a = place(i), b = place(i + 1), c = tail == 3 ? place(i + 2) : 0;
        all |= a | b | c;
        const std::uint32_t group = a << 18U | b << 12U | c << 6U;
        *out++ = static_cast<char>(group >> 16U & 0xffU);
        if (tail == 3) *out++ = static_cast<char>(group >> 8U & 0xffU);
        if ((group & (tail == 3 ? 0xffU : 0xffffU)) != 0)
            return std::nullopt;  // two texts for the same bytes
    }
    if ((all & kNoPlace) != 0) return std::nullopt;
    return bytes;
}

/// Returns the length of the prefix of `text` that is printable ASCII and needs no escape in JSON. For most
/// texts that is all of it.
std::size_t plain_length(std::string_view text) {
    const auto* const end = std::find_if(text.begin(), text.end(), [](unsigned char c) {
        return c < ' ' || c >= 0x7f || c == '"' || c == '\\';
    });
    return static_cast<std::size_t>(end - text.begin());
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// Returns the length of the UTF-8 sequence (RFC 3629) at the start of `text`, or 0 if there is none.
std::size_t sequence_length(std::string_view text) {
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<std::uint8_t>(text[i]) : 0U;
    };
    const auto follows = [&](std::size_t i) { return (byte(i) & 0xc0U) == 0x80U; };
    const unsigned first = byte(0);
    if (first < 0x80U) return 1;
    if (first >= 0xc2U && first <= 0xdfU) return follows(1) ? 2 : 0;
    if (first >= 0xe0U && first <= 0xefU) {
        const unsigned low = first == 0xe0U ? 0xa0U : 0x80U;
        const unsigned high = first == 0xedU ? 0x9fU : 0xbfU;
        return byte(1) >= low && byte(1) <= high && follows(2) ? 3 : 0;
    }
    if (first >= 0xf0U && first <= 0xf4U) {
        const unsigned low = first == 0xf0U ? 0x90U : 0x80U;
        const unsigned high = first == 0xf4U ? 0x8fU : 0xbfU;
        return byte(1) >= low && byte(1) <= high && follows(2) && follows(3) ? 4 : 0;
    }
    return 0;
}

}  // namespace

std::span<const std::uint8_t> as_bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string_view as_text(std::span<const std::uint8_t> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string hex(std::span<const std::uint8_t> bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const std::uint8_t byte : bytes) {
        text += digits[byte >> 4U];
        text += digits[byte & 15U];
    }
    return text;
}

std::string base64(std::string_view bytes) { return encode(bytes, kBase64, true); }

std::optional<std::string> decode_base64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    for (int i = 0; i < 2 && text.ends_with('='); ++i)
        text.remove_suffix(1);
    return decode(text, kBase64Places);
}

std::string base64url(std::string_view bytes) { return encode(bytes, kBase64Url, false); }

std::optional<std::string> decode_base64url(std::string_view text) { return decode(text, kBase64UrlPlaces); }

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view space = " \t\r\n\f\v";
    const auto first = text.find_first_not_of(space);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(space) - first + 1);
}

std::string ascii_lower(std::string_view text) {
    std::string lowered{text};
    for (char& c : lowered)
        c = lower(c);
    return lowered;
}

std::string ascii_upper(std::string_view text) {
    std::string upper{text};
    for (char& c : upper)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return upper;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

/// The result has at least `bytes` - 3 bytes, even if `text` is not UTF-8. So a loop that takes pieces of 4
/// bytes or more always ends.
std::string_view utf8_prefix(std::string_view text, std::size_t bytes) {
    if (text.size() <= bytes) return text;
    constexpr std::size_t most_continuations = 3;
    const auto continues = [&](std::size_t at) {
        return (static_cast<std::uint8_t>(text[at]) & 0xc0U) == 0x80U;
    };
    for (std::size_t back = 0; back <= std::min(bytes, most_continuations); ++back)
        if (!continues(bytes - back)) return text.substr(0, bytes - back);
    return text.substr(0, bytes);  // not UTF-8: there is no sequence to keep whole
}

bool is_utf8(std::string_view text) {
    constexpr std::size_t word_size = sizeof(std::uint64_t);
    while (!text.empty()) {
        // Most text is ASCII. It is skipped eight bytes at a time: no ASCII byte has its highest bit set.
        std::uint64_t word = 0;
        while (text.size() >= word_size) {
            std::memcpy(&word, text.data(), word_size);
            if ((word & 0x8080808080808080U) != 0) break;
            text.remove_prefix(word_size);
        }
        if (text.empty()) break;
        const std::size_t length = sequence_length(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

std::string valid_utf8(std::string_view text) {
    std::string valid;
    valid.reserve(text.size());
    while (!text.empty()) {
        const std::size_t length = std::max(plain_length(text), sequence_length(text));
        valid += length > 0 ? text.substr(0, length) : std::string_view{"\xef\xbf\xbd"};
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return valid;
}

std::string json_string(std::string_view text) {
    std::string quoted = "\"";
    quoted.reserve(text.size() + 2);
    while (!text.empty()) {
        const std::size_t plain = plain_length(text);
        quoted += text.substr(0, plain);
        text.remove_prefix(plain);
        if (text.empty()) break;
        const std::size_t length = sequence_length(text);
        const std::string_view sequence = text.substr(0, std::max<std::size_t>(length, 1));
        text.remove_prefix(sequence.size());
        const auto first = static_cast<std::uint8_t>(sequence[0]);
        if (length == 0) {
            quoted += "\xef\xbf\xbd";
        } else if (sequence == "\"" || sequence == "\\") {
            quoted += '\\';
            quoted += sequence;
        } else if (sequence == "\n") {
            quoted += "\\n";
        } else if (first < 0x20U || first == 0x7fU) {
            quoted += "\\u00" + hex({&first, 1});
        } else if (sequence == "\xe2\x80\xa8") {
            quoted += "\\u2028";
        } else if (sequence == "\xe2\x80\xa9") {
            quoted += "\\u2029";
        } else {
            quoted += sequence;
        }
    }
    return quoted += '"';
}

}  // namespace csauth
