#include "users/username.h"

#include <algorithm>
#include <optional>

#include "text/unicode.h"
#include "users/word_lists.h"

namespace csauth::users {
namespace {

constexpr std::u32string_view kPunctuation = U"._-+";

bool is_punctuation(char32_t c) { return kPunctuation.find(c) != std::u32string_view::npos; }

/// Top-level domains after which programs look for a link without "http" or "www". Those that are also
/// endings of honest names or words (de, me, js, app, …) are left out.
constexpr std::string_view kLinkedEndings[] = {".com", ".net", ".org", ".info", ".biz"};

}  // namespace

std::optional<std::string> username_key(std::string_view given) {
    // A code point has at most 4 bytes, and folding can turn one into three.
    if (given.empty() || given.size() > 4 * kLongestUsername) return std::nullopt;
    const auto name = text::identifier(given);
    return name ? text::nfkc_casefold(*name) : std::nullopt;
}

Result<Username, Complaint> Username::parse(std::string_view given) {
    const auto composed = text::identifier(given);
    const auto points = composed ? text::code_points(*composed) : std::nullopt;
    if (!points) return Complaint{FieldCode::invalid, "This is not UTF-8 text."};
    if (points->size() < kShortestUsername) {
        return Complaint{FieldCode::too_short,
                         "At least " + std::to_string(kShortestUsername) + " characters are needed."};
    }
    if (points->size() > kLongestUsername) {
        return Complaint{FieldCode::too_long,
                         "At most " + std::to_string(kLongestUsername) + " characters are allowed."};
    }
    const bool good = std::all_of(points->begin(), points->end(), [](char32_t c) {
        if (text::is_ignorable(c)) return false;  // invisible, so two names would look alike
        return text::is_letter(c) || text::is_mark(c) || text::is_number(c) || is_punctuation(c);
    });
    if (!good || is_punctuation(points->back()) ||
        !(text::is_letter(points->front()) || text::is_number(points->front()))) {
        return Complaint{FieldCode::invalid, "Letters and digits are allowed, and . _ - + between them."};
    }
    if (text::mixes_lookalike_scripts(*points))
        return Complaint{FieldCode::invalid, "Letters of scripts that look alike can't be mixed."};

    const auto key = username_key(*composed);
    // The key must be a fixed point, otherwise two names could have each other's key.
    if (!key || text::nfkc_casefold(*key) != key || text::code_points(*key)->size() < kShortestUsername)
        return Complaint{FieldCode::invalid, "This can't be a name."};
    if (is_reserved_name(*key)) return Complaint{FieldCode::reserved, "This name is reserved."};
    return Username{*composed, *key};
}

bool looks_like_web_address(const Username& name) {
    const std::string_view key = name.key();
    return key.starts_with("www.") ||
           std::any_of(std::begin(kLinkedEndings), std::end(kLinkedEndings),
                       [&](std::string_view ending) { return key.ends_with(ending); });
}

}  // namespace csauth::users
