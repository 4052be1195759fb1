#include "users/password_core.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <set>

#include "text/unicode.h"
#include "users/password.h"
#include "users/word_lists.h"

namespace csauth::users {
namespace {

/// The most characters next to the core that may be substitutions: pa$$ has two.
constexpr std::size_t kMostSubstitutedAtAnEnd = 4;

/// Words that guessers try first, and that the list of common passwords lacks because they are too short.
/// Also the words of the calendar. All are in lower case, with and without accents.
constexpr std::string_view kBaseWords[] = {
    "ao\u00fbt", "d\u00e9cembre",  "\u00e9t\u00e9", "f\u00e9vrier",  "fr\u00fchling", "mar\u00e7o",
    "m\u00e4rz", "mi\u00e9rcoles", "oto\u00f1o",    "s\u00e1bado",   "ter\u00e7a",    "ver\u00e3o",
    "abril",     "access",         "admin",         "administrator", "agosti",        "agosto",
    "alhamisi",  "aout",           "april",         "aprile",        "aprili",        "august",
    "automne",   "autumn",         "avril",         "azerty",        "changeme",      "decembre",
    "december",  "desemba",        "dezember",      "dezembro",      "diciembre",     "dienstag",
    "dimanche",  "domingo",        "donnerstag",    "dragon",        "enero",         "ete",
    "febrero",   "februar",        "february",      "februari",      "fevereiro",     "fevrier",
    "freitag",   "friday",         "fruhling",      "fruehling",     "guest",         "hello",
    "herbst",    "hiver",          "ijumaa",        "invierno",      "inverno",       "janeiro",
    "januar",    "january",        "januari",       "janvier",       "jeudi",         "jueves",
    "juillet",   "juin",           "julai",         "julho",         "juli",          "julio",
    "july",      "jumamosi",       "jumanne",       "jumapili",      "jumatano",      "jumatatu",
    "june",      "junho",          "juni",          "junio",         "letmein",       "login",
    "love",      "lundi",          "lunes",         "machi",         "mai",           "maio",
    "mars",      "march",          "mardi",         "marco",         "mart",          "martes",
    "marz",      "maerz",          "marzo",         "master",        "may",           "mayo",
    "mei",       "mercredi",       "miercoles",     "mittwoch",      "monday",        "monkey",
    "montag",    "november",       "novembre",      "novemba",       "novembro",      "noviembre",
    "october",   "octobre",        "octubre",       "oktoba",        "oktober",       "otono",
    "outono",    "outubro",        "pass",          "passwd",        "passwort",      "primavera",
    "printemps", "quarta",         "quinta",        "qwerty",        "qwertz",        "root",
    "sabado",    "samedi",         "samstag",       "saturday",      "secret",        "segunda",
    "septemba",  "september",      "septembre",     "septiembre",    "setembro",      "sexta",
    "sommer",    "sonnabend",      "sonntag",       "spring",        "summer",        "sunday",
    "terca",     "test",           "thursday",      "tuesday",       "user",          "vendredi",
    "verano",    "verao",          "viernes",       "wednesday",     "welcome",       "winter"};

/// The letter that a character often replaces; the character itself if none.
char32_t substituted(char32_t c, char32_t one) {
    switch (c) {
        case U'0': return U'o';
        case U'1':
        case U'!':
        case U'|': return one;
        case U'3': return U'e';
        case U'4':
        case U'@': return U'a';
        case U'5':
        case U'$': return U's';
        case U'7':
        case U'+': return U't';
        case U'8': return U'b';
        default: return c;
    }
}

/// The letters of the text after substitution, with `one` for 1, ! and |.
std::string letters_of(std::u32string_view text, char32_t one) {
    std::u32string letters;
    for (const char32_t c : text)
        if (const char32_t letter = substituted(c, one); text::is_letter(letter)) letters += letter;
    return text::utf8(letters);
}

std::u32string folded(std::string_view text) {
    const auto key = text::nfkc_casefold(text);
    const auto points = key ? text::code_points(*key) : std::nullopt;
    return points.value_or(std::u32string{});
}

bool would_do_as_a_password(const std::u32string& text) {
    return text.size() >= kShortestPassword && !is_common_password(text::utf8(text)) &&
           !is_repetition_or_sequence(text) && !is_date(text);
}

void add_once(std::vector<std::string>& all, std::string one) {
    if (!one.empty() && std::find(all.begin(), all.end(), one) == all.end()) all.push_back(std::move(one));
}

bool is_year(unsigned number) { return number >= 1900 && number < 2100; }
bool is_day_and_month(unsigned a, unsigned b) {
    return a >= 1 && b >= 1 && ((a <= 31 && b <= 12) || (a <= 12 && b <= 31));
}

}  // namespace

bool is_repetition_or_sequence(std::u32string_view text) {
    if (std::set<char32_t>(text.begin(), text.end()).size() < 4) return true;
    std::size_t steps = 0;
    for (std::size_t i = 1; i < text.size(); ++i) {
        const auto difference = static_cast<std::int64_t>(text[i]) - static_cast<std::int64_t>(text[i - 1]);
        if (difference >= -1 && difference <= 1) ++steps;
    }
    if (steps * 10 >= (text.size() - 1) * 8) return true;
    for (std::size_t period = 1; period <= 4 && period * 2 <= text.size(); ++period) {
        bool repeats = true;
        for (std::size_t i = period; i < text.size() && repeats; ++i)
            repeats = text[i] == text[i - period];
        if (repeats) return true;
    }
    return false;
}

bool is_date(std::u32string_view text) {
    std::vector<unsigned> digits;
    for (const char32_t c : text) {
        if (text::is_letter(c)) return false;
        if (c >= U'0' && c <= U'9') digits.push_back(c - U'0');
    }
    const auto two = [&](std::size_t at) { return digits[at] * 10 + digits[at + 1]; };
    const auto four = [&](std::size_t at) { return two(at) * 100 + two(at + 2); };
    if (digits.size() == 6) return is_day_and_month(two(0), two(2)) || is_day_and_month(two(2), two(4));
    if (digits.size() != 8) return false;
    return (is_year(four(0)) && (is_year(four(4)) || is_day_and_month(two(4), two(6)))) ||
           (is_year(four(4)) && is_day_and_month(two(0), two(2)));
}

bool is_base_word(std::string_view core) {
    return std::find(std::begin(kBaseWords), std::end(kBaseWords), core) != std::end(kBaseWords);
}

std::vector<std::string> core_forms(std::string_view word) {
    const auto text = folded(word);
    std::vector<std::string> forms;
    for (const char32_t one : {U'l', U'i'})
        add_once(forms, letters_of(text, one));
    return forms;
}

std::vector<std::string> password_cores(std::string_view password) {
    const auto text = folded(password);
    const auto first = std::find_if(text.begin(), text.end(), text::is_letter);
    if (first == text.end()) return {};
    const auto last = std::find_if(text.rbegin(), text.rend(), text::is_letter);
    const auto before = static_cast<std::size_t>(first - text.begin());
    const auto after = static_cast<std::size_t>(last - text.rbegin());

    std::vector<std::string> cores;
    for (std::size_t kept_before = 0; kept_before <= std::min(before, kMostSubstitutedAtAnEnd); ++kept_before)
        for (std::size_t kept_after = 0; kept_after <= std::min(after, kMostSubstitutedAtAnEnd);
             ++kept_after) {
            const auto begin = before - kept_before;
            const auto end = text.size() - after + kept_after;
            if (would_do_as_a_password(text.substr(0, begin) + text.substr(end))) continue;
            for (const char32_t one : {U'l', U'i'})
                add_once(cores, letters_of(std::u32string_view{text}.substr(begin, end - begin), one));
        }
    return cores;
}

}  // namespace csauth::users
