#include "text/unicode.h"

#include <utf8proc.h>

#include <array>
#include <cstdlib>
#include <memory>

namespace csauth::text {
namespace {

struct Freed {
    void operator()(utf8proc_uint8_t* text) const { std::free(text); }
};

std::optional<std::string> mapped(std::string_view text, int options) {
    utf8proc_uint8_t* result = nullptr;
    const auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                   static_cast<utf8proc_ssize_t>(text.size()), &result,
                                   static_cast<utf8proc_option_t>(options));
    const std::unique_ptr<utf8proc_uint8_t, Freed> owner{result};
    if (size < 0) return std::nullopt;
    return std::string(reinterpret_cast<const char*>(result), static_cast<std::size_t>(size));
}

utf8proc_category_t category(char32_t c) { return utf8proc_category(static_cast<utf8proc_int32_t>(c)); }

bool is_white_space(char32_t c) {
    constexpr std::u32string_view tabs_and_line_breaks = U"\t\n\v\f\r\u0085";
    return is_space(c) || tabs_and_line_breaks.find(c) != std::u32string_view::npos;
}

template <class ShowsNothing>
std::u32string_view stripped(std::u32string_view text, ShowsNothing shows_nothing) {
    while (!text.empty() && shows_nothing(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && shows_nothing(text.back()))
        text.remove_suffix(1);
    return text;
}

enum class Script { other, latin, greek, cyrillic };

// By the blocks of Unicode that contain the letters of these scripts.
Script script_of(char32_t c) {
    if (!is_letter(c)) return Script::other;
    if (c < 0x250 || (c >= 0x1e00 && c < 0x1f00))
        return c == 0xaa || c == 0xba ? Script::other : Script::latin;
    if ((c >= 0x370 && c < 0x400) || (c >= 0x1f00 && c < 0x2000)) return Script::greek;
    if ((c >= 0x400 && c < 0x530) || (c >= 0x1c80 && c < 0x1c90) || (c >= 0x2de0 && c < 0x2e00) ||
        (c >= 0xa640 && c < 0xa6a0))
        return Script::cyrillic;
    return Script::other;
}

}  // namespace

std::optional<std::string> nfc(std::string_view text) {
    return mapped(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
}

std::optional<std::string> nfkc(std::string_view text) {
    return mapped(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT);
}

std::optional<std::string> nfkc_casefold(std::string_view text) {
    return mapped(text,
                  UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
}

std::optional<std::u32string> code_points(std::string_view text) {
    std::u32string result;
    result.reserve(text.size());
    while (!text.empty()) {
        utf8proc_int32_t c = 0;
        const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                           static_cast<utf8proc_ssize_t>(text.size()), &c);
        if (size <= 0 || c < 0) return std::nullopt;
        result += static_cast<char32_t>(c);
        text.remove_prefix(static_cast<std::size_t>(size));
    }
    return result;
}

std::string utf8(std::u32string_view code_points) {
    std::string result;
    for (const char32_t c : code_points) {
        std::array<utf8proc_uint8_t, 4> bytes;
        const auto size = utf8proc_encode_char(static_cast<utf8proc_int32_t>(c), bytes.data());
        result.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(size));
    }
    return result;
}

bool is_letter(char32_t c) {
    const auto kind = category(c);
    return kind >= UTF8PROC_CATEGORY_LU && kind <= UTF8PROC_CATEGORY_LO;
}

bool is_mark(char32_t c) {
    const auto kind = category(c);
    return kind >= UTF8PROC_CATEGORY_MN && kind <= UTF8PROC_CATEGORY_ME;
}

bool is_number(char32_t c) {
    const auto kind = category(c);
    return kind >= UTF8PROC_CATEGORY_ND && kind <= UTF8PROC_CATEGORY_NO;
}

bool is_space(char32_t c) {
    const auto kind = category(c);
    return kind >= UTF8PROC_CATEGORY_ZS && kind <= UTF8PROC_CATEGORY_ZP;
}

bool is_control(char32_t c) { return category(c) == UTF8PROC_CATEGORY_CC; }

bool is_ignorable(char32_t c) {
    return utf8proc_get_property(static_cast<utf8proc_int32_t>(c))->ignorable != 0U;
}

bool is_noncharacter(char32_t c) { return (c & 0xfffeU) == 0xfffeU || (c >= 0xfdd0 && c <= 0xfdef); }

std::u32string_view without_outer_space(std::u32string_view text) { return stripped(text, is_white_space); }

std::optional<std::string> identifier(std::string_view text) {
    const auto composed = nfkc(text);
    const auto points = composed ? code_points(*composed) : std::nullopt;
    if (!points) return std::nullopt;
    return utf8(stripped(*points, [](char32_t c) {
        return is_white_space(c) || (category(c) == UTF8PROC_CATEGORY_CF && is_ignorable(c));
    }));
}

std::u32string_view first_characters(std::u32string_view text, std::size_t most) {
    if (text.size() <= most) return text;
    std::size_t end = 0;
    utf8proc_int32_t state = 0;
    for (std::size_t i = 1; i <= most; ++i)
        if (utf8proc_grapheme_break_stateful(static_cast<utf8proc_int32_t>(text[i - 1]),
                                             static_cast<utf8proc_int32_t>(text[i]), &state))
            end = i;
    return text.substr(0, end);
}

bool mixes_lookalike_scripts(std::u32string_view text) {
    Script seen = Script::other;
    for (const char32_t c : text) {
        const Script script = script_of(c);
        if (script == Script::other) continue;
        if (seen != Script::other && script != seen) return true;
        seen = script;
    }
    return false;
}

}  // namespace csauth::text
