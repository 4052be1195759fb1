#include "users/password.h"

#include <algorithm>
#include <string>
#include <vector>

#include "text/unicode.h"
#include "users/password_core.h"
#include "users/word_lists.h"

namespace csauth::users {
namespace {

/// Too many good passwords contain a shorter part of an identifier by chance. In bytes.
constexpr std::size_t kShortestTellingPart = 4;

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
    // A tab or a line break can be typed or pasted; no other control character can.
    if (std::any_of(points->begin(), points->end(),
                    [](char32_t c) { return text::is_control(c) && c != U'\t' && c != U'\n' && c != U'\r'; }))
        return Complaint{FieldCode::invalid, "Control characters are not allowed."};
    if (is_common_password(text::nfkc_casefold(password->reveal()).value_or("")))
        return Complaint{FieldCode::common_password, "This password is too common."};
    if (is_repetition_or_sequence(*points))
        return Complaint{FieldCode::predictable_password, "This password is a repetition or a sequence."};
    if (is_date(*points)) return Complaint{FieldCode::predictable_password, "This password is a date."};
    for (const auto& core : password_cores(password->reveal())) {
        if (is_common_password(core))
            return Complaint{FieldCode::common_password,
                             "This is a common password with a few characters changed or added."};
        if (is_base_word(core))
            return Complaint{FieldCode::predictable_password,
                             "This password is one word with a few characters changed or added."};
    }
    return NewPassword{std::move(*password)};
}

bool resembles_account(std::string_view password, std::span<const std::string_view> identifiers) {
    const auto folded = text::nfkc_casefold(password).value_or("");
    const auto cores = password_cores(password);
    for (const auto identifier : identifiers) {
        const std::string folded_identifier = text::nfkc_casefold(identifier).value_or("");
        for (const auto part : parts_of(folded_identifier)) {
            if (part.size() < kShortestTellingPart) continue;
            // The rest, without the part, must be long enough for a password of its own.
            const auto at = folded.find(part);
            if (at != std::string::npos && folded.size() - part.size() < kShortestPassword) return true;
            for (const auto& form : core_forms(part))
                if (form.size() >= kShortestTellingPart &&
                    std::find(cores.begin(), cores.end(), form) != cores.end())
                    return true;
        }
    }
    return false;
}

}  // namespace csauth::users
