#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace csauth::text {

/// Unicode Normalization Form C; `nullopt` if `text` is not UTF-8.
std::optional<std::string> nfc(std::string_view text);

/// Unicode Normalization Form KC, in which full-width letters and ligatures are plain letters; `nullopt` if
/// `text` is not UTF-8.
std::optional<std::string> nfkc(std::string_view text);

/// NFKC_Casefold (Unicode 3.13, D147): what is compared where two spellings must count as one; `nullopt` if
/// `text` is not UTF-8.
std::optional<std::string> nfkc_casefold(std::string_view text);

/// Returns `nullopt` if `text` is not UTF-8.
std::optional<std::u32string> code_points(std::string_view text);
std::string utf8(std::u32string_view code_points);

/// What one code point is, by its general category (Unicode 4.5).
bool is_letter(char32_t c);
bool is_mark(char32_t c);
bool is_number(char32_t c);
bool is_space(char32_t c);  ///< space, line and paragraph separators

bool is_control(char32_t c);  ///< C0 and C1 controls and DEL

/// Returns true for a code point that shows nothing: Default_Ignorable_Code_Point (Unicode 5.21). Some of
/// them are letters (the Hangul fillers) or marks (variation selectors).
bool is_ignorable(char32_t c);

/// Returns true for a noncharacter (Unicode 23.7).
bool is_noncharacter(char32_t c);

/// Returns `text` without the spaces, tabs and line breaks at either end.
std::u32string_view without_outer_space(std::u32string_view text);

/// Returns an identifier as it is checked and stored: in NFKC, without white space and invisible format
/// characters at either end; `nullopt` if `text` is not UTF-8.
std::optional<std::string> identifier(std::string_view text);

/// Returns as many whole characters as a reader sees them (grapheme clusters, UAX 29) as have at most `most`
/// code points together.
std::u32string_view first_characters(std::u32string_view text, std::size_t most);

/// Whether letters of more than one of the Latin, Greek and Cyrillic scripts stand side by side: they
/// hold look-alikes of each other.
bool mixes_lookalike_scripts(std::u32string_view text);

}  // namespace csauth::text
