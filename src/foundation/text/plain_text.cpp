#include "text/plain_text.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "text/unicode.h"

namespace csauth::text {
namespace {

constexpr char32_t kBlackFlag = 0x1f3f4;
constexpr char32_t kCancelTag = 0xe007f;

bool is_tag(char32_t c) { return c >= 0xe0020 && c <= kCancelTag; }

/// Returns the length of the emoji tag sequence (UTS 51, ED-14a) at the start of `text`, or 0 if there is
/// none. The flag of Scotland is one.
std::size_t length_of_flag(std::u32string_view text) {
    if (text.empty() || text.front() != kBlackFlag) return 0;
    const auto end = std::find_if_not(text.begin() + 1, text.end(), is_tag);
    const auto length = static_cast<std::size_t>(end - text.begin());
    return length > 2 && text[length - 1] == kCancelTag ? length : 0;
}

bool is_line_break(char32_t c) {
    constexpr std::u32string_view breaks = U"\n\v\f\r\u0085\u2028\u2029";
    return breaks.find(c) != std::u32string_view::npos;
}

/// Joiners are part of the spelling of several scripts and of emoji. The direction marks move only neutral
/// characters beside them.
bool is_kept_though_invisible(char32_t c) {
    constexpr std::u32string_view joiners_and_marks = U"\u200c\u200d\u200e\u200f\u061c";
    return is_mark(c) || joiners_and_marks.find(c) != std::u32string_view::npos;
}

/// Embeddings, overrides and isolates: they change the order of everything up to their end.
bool turns_direction(char32_t c) { return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069); }

/// Appends the acceptable characters of `given`. Returns false if it has others.
bool append_cleaned(std::u32string& kept, std::u32string_view given, Lines lines) {
    bool is_good = true;
    for (std::size_t i = 0; i < given.size(); ++i) {
        const char32_t c = given[i];
        if (const auto length = length_of_flag(given.substr(i)); length > 0) {
            kept.append(given.substr(i, length));
            i += length - 1;
        } else if (is_line_break(c)) {
            if (c == U'\r' && i + 1 < given.size() && given[i + 1] == U'\n') continue;
            kept += lines == Lines::many ? U'\n' : U' ';
        } else if (c == U'\t') {
            kept += U' ';
        } else if (is_control(c) || is_noncharacter(c)) {
            is_good = false;
        } else if ((!is_ignorable(c) && !turns_direction(c)) || is_kept_though_invisible(c)) {
            kept += c;
        }
    }
    return is_good;
}

}  // namespace

Result<std::string, Complaint> plain_text(std::string_view given, std::size_t longest, Lines lines) {
    const auto points = code_points(given);
    if (!points) return Complaint{FieldCode::invalid, "This is not UTF-8 text."};
    std::u32string kept;
    if (!append_cleaned(kept, *points, lines))
        return Complaint{FieldCode::invalid, "Control characters are not allowed."};
    auto composed = nfc(utf8(without_outer_space(kept)));
    if (!composed) return Complaint{FieldCode::invalid, "This is not UTF-8 text."};
    if (code_points(*composed)->size() > longest)
        return Complaint{FieldCode::too_long,
                         "At most " + std::to_string(longest) + " characters are allowed."};
    return std::move(*composed);
}

std::string cleaned_text(std::string_view given, std::size_t longest) {
    const auto points = code_points(given);
    if (!points) return {};
    std::u32string kept;
    append_cleaned(kept, *points, Lines::one);
    const auto composed = code_points(nfc(utf8(kept)).value_or("")).value_or(U"");
    return utf8(without_outer_space(first_characters(without_outer_space(composed), longest)));
}

}  // namespace csauth::text
