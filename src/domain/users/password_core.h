#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace csauth::users {

/// Returns the words that a password may be a decorated form of. It folds case and compatibility forms, cuts
/// digits and punctuation at both ends, undoes common substitutions (0 for o, @ for a, $ for s, …) and
/// removes what is no letter in between. A password has several: each digit at an end may be decoration or a
/// substitution, and a 1 may be an l or an i. Returns no word if what was cut would do as a password by
/// itself: at least kShortestPassword characters, neither common nor predictable.
std::vector<std::string> password_cores(std::string_view password);

/// Returns a word in the forms in which password_cores() gives it.
std::vector<std::string> core_forms(std::string_view word);

/// Returns true if the word is one that guessers begin with: a season, a month or a weekday in a language of
/// our mails, or one such as "admin".
bool is_base_word(std::string_view core);

/// Returns true if the text is a date, or two years: 27.11.2026, 2026-11-27, 20252026. Anything but digits
/// may be between the parts.
bool is_date(std::u32string_view text);

/// Few different characters, nearly every one the neighbour of the one before, or one short piece over and
/// over: aaaaaaaa, 12345678, abcdefgh, abcdabcdabcd.
bool is_repetition_or_sequence(std::u32string_view text);

}  // namespace csauth::users
