#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace csauth::text {

/// Returns `text` in Unicode Normalization Form C, or `nullopt` if it is not UTF-8.
std::optional<std::string> nfc(std::string_view text);

/// Returns `text` in Unicode Normalization Form KC, or `nullopt` if it is not UTF-8. In that form full-width
/// letters and ligatures become plain letters.
std::optional<std::string> nfkc(std::string_view text);

/// Returns the NFKC_Casefold of `text` (Unicode 3.13, D147), or `nullopt` if it is not UTF-8. For comparing
/// texts whose spellings must count as one.
std::optional<std::string> nfkc_casefold(std::string_view text);

/// Returns `nullopt` if `text` is not UTF-8.
std::optional<std::u32string> code_points(std::string_view text);

/// Returns UTF-8. The code points must be those of Unicode text, such as code_points() returns.
std::string utf8(std::u32string_view code_points);

/// These tell what a code point is, by its general category (Unicode 4.5).
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

/// Returns an identifier in the form that is checked and stored, or `nullopt` if `text` is not UTF-8. The
/// form is NFKC, without white space and invisible format characters at either end.
std::optional<std::string> identifier(std::string_view text);

/// Returns the longest prefix of whole grapheme clusters (UAX 29) with at most `most` code points. A reader
/// sees a grapheme cluster as one character.
std::u32string_view first_characters(std::u32string_view text, std::size_t most);

/// Returns true if `text` has letters of more than one of the Latin, Greek and Cyrillic scripts. These
/// contain look-alikes of each other.
bool mixes_lookalike_scripts(std::u32string_view text);

}  // namespace csauth::text
