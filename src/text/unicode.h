#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace csauth::text {

/// Unicode Normalization Form C; nothing when `text` is not UTF-8.
std::optional<std::string> nfc(std::string_view text);

/// NFKC_Casefold (Unicode 3.13, D147): what is compared where two spellings must count as one.
std::optional<std::string> nfkc_casefold(std::string_view text);

/// Nothing when `text` is not UTF-8.
std::optional<std::u32string> code_points(std::string_view text);
std::string utf8(std::u32string_view code_points);

/// What one code point is, by its general category (Unicode 4.5).
bool is_letter(char32_t c);
bool is_mark(char32_t c);
bool is_number(char32_t c);
bool is_space(char32_t c);  ///< space, line and paragraph separators

/// Controls, surrogates, private use and unassigned code points; and format characters, which can't be
/// seen, but the two joiners that several scripts and emoji need.
bool is_unprintable(char32_t c);

/// Whether letters of more than one of the Latin, Greek and Cyrillic scripts stand side by side: they
/// hold look-alikes of each other.
bool mixes_lookalike_scripts(std::u32string_view text);

}  // namespace csauth::text
