#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace csauth::users {

/// Returns the words that a password may be a decorated form of. Folds case and compatibility forms, and cuts
/// digits and punctuation at both ends. Then undoes common substitutions (0 for o, @ for a, $ for s, …), and
/// removes other characters that are no letters. There may be several words: a digit at an end may be
/// decoration or a substitution, and a 1 may be an l or an i. Returns no word if the cut part alone is a good
/// password: at least kShortestPassword characters, neither common nor predictable.
std::vector<std::string> password_cores(std::string_view password);

/// Returns a word in the forms in which password_cores() gives it.
std::vector<std::string> core_forms(std::string_view word);

/// Returns true if the word is one that guessers try first: a season, a month or a weekday in a language of
/// our mails, or a word such as "admin".
bool is_base_word(std::string_view core);

/// Returns true if the text is a date, or two years: 27.11.2026, 2026-11-27, 20252026. Anything but digits
/// may be between the parts.
bool is_date(std::u32string_view text);

/// Returns true if the text has few different characters, or is a sequence of neighbours with few exceptions,
/// or repeats a short piece: aaaaaaaa, 12345678, abcdefgh, abcdabcdabcd.
bool is_repetition_or_sequence(std::u32string_view text);

}  // namespace csauth::users
