#include "users/password.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "text/unicode.h"
#include "users/word_lists.h"

namespace csauth::users {
namespace {

/// Identifier parts shorter than this stand in too many good passwords by chance.
constexpr std::size_t kShortestTellingPart = 4;

/// Few different characters, or nearly every one the neighbour of the one before: aaaaaaaa, 12345678,
/// abcdefgh.
bool is_predictable(std::u32string_view text) {
    if (std::set<char32_t>(text.begin(), text.end()).size() < 4) return true;
    std::size_t steps = 0;
    for (std::size_t i = 1; i < text.size(); ++i) {
        const auto difference = static_cast<std::int64_t>(text[i]) - static_cast<std::int64_t>(text[i - 1]);
        if (difference >= -1 && difference <= 1) ++steps;
    }
    if (steps * 10 >= (text.size() - 1) * 8) return true;
    // One short piece over and over: abcdabcdabcd.
    for (std::size_t period = 1; period <= 4 && period * 2 <= text.size(); ++period) {
        bool repeats = true;
        for (std::size_t i = period; i < text.size() && repeats; ++i)
            repeats = text[i] == text[i - period];
        if (repeats) return true;
    }
    return false;
}

std::vector<std::string_view> parts_of(std::string_view identifier) {
    std::vector<std::string_view> parts{identifier};
    constexpr std::string_view separators = "@._-+ ";
    while (!identifier.empty()) {
        const auto end = identifier.find_first_of(separators);
        parts.push_back(identifier.substr(0, end));
        if (end == std::string_view::npos) break;
        identifier.remove_prefix(end + 1);
    }
    return parts;
}

}  // namespace

Result<Password, Complaint> Password::parse(std::string_view given) {
    if (given.empty()) return Complaint{FieldCode::too_short, "This may not be empty."};
    if (given.size() > kLongestPasswordBytes)
        return Complaint{FieldCode::too_long, "The password is too long."};
    auto composed = text::nfc(given);
    if (!composed) return Complaint{FieldCode::invalid, "This is not UTF-8 text."};
    Secret text{std::string_view{*composed}};
    wipe(*composed);
    return Password{std::move(text)};
}

Result<NewPassword, Complaint> NewPassword::parse(std::string_view given) {
    auto password = Password::parse(given);
    if (!password) return password.error();
    const auto points = text::code_points(password->reveal());
    if (points->size() < kShortestPassword) {
        return Complaint{FieldCode::too_short,
                         "At least " + std::to_string(kShortestPassword) + " characters are needed."};
    }
    if (points->size() > kLongestPassword) {
        return Complaint{FieldCode::too_long,
                         "At most " + std::to_string(kLongestPassword) + " characters are allowed."};
    }
    if (std::any_of(points->begin(), points->end(), text::is_unprintable))
        return Complaint{FieldCode::invalid, "Control and invisible characters are not allowed."};
    if (is_common_password(text::nfkc_casefold(password->reveal()).value_or("")))
        return Complaint{FieldCode::common_password, "This password is too common."};
    if (is_predictable(*points))
        return Complaint{FieldCode::predictable_password, "This password is a repetition or a sequence."};
    return NewPassword{std::move(*password)};
}

bool resembles_account(std::string_view password, std::span<const std::string_view> identifiers) {
    const auto folded = text::nfkc_casefold(password).value_or("");
    for (const auto identifier : identifiers) {
        const std::string folded_identifier = text::nfkc_casefold(identifier).value_or("");
        for (const auto part : parts_of(folded_identifier)) {
            if (part.size() < kShortestTellingPart) continue;
            // What is left without the part must stand as a password by itself.
            const auto at = folded.find(part);
            if (at != std::string::npos && folded.size() - part.size() < kShortestPassword) return true;
        }
    }
    return false;
}

}  // namespace csauth::users
