#include "users/profile.h"

#include <algorithm>
#include <optional>

#include "base/encoding.h"

namespace csauth::users {
namespace {

/// Returns the language of a tag if it is one of kLanguages. `tag`: as in BCP 47 (de-AT), or with the
/// underscore of POSIX locales (de_AT).
std::optional<std::string> supported(std::string_view tag) {
    const std::string primary = ascii_lower(tag.substr(0, tag.find_first_of("-_")));
    const bool is_ours =
        std::find(std::begin(kLanguages), std::end(kLanguages), primary) != std::end(kLanguages);
    return is_ours ? std::optional{primary} : std::nullopt;
}

/// Returns a weight in thousandths: 800 for "0.8". Returns 0 for a text that is no weight.
int weight_in(std::string_view text) {
    if (text.empty() || (text[0] != '0' && text[0] != '1')) return 0;
    if (text[0] == '1') return 1000;
    int weight = 0;
    int unit = 100;
    for (const char c : text.substr(std::min<std::size_t>(2, text.size()))) {
        if (c < '0' || c > '9') return 0;
        weight += (c - '0') * unit;
        unit /= 10;
    }
    return weight;
}

}  // namespace

Result<Language, Complaint> Language::parse(std::string_view given) {
    if (const auto tag = supported(trimmed(given))) return Language{*tag};
    std::string list;
    for (const auto tag : kLanguages)
        list.append(list.empty() ? "" : ", ").append(tag);
    return Complaint{FieldCode::invalid, "This is one of " + list + "."};
}

std::string preferred_language(std::string_view accept_language) {
    std::string best{kLanguages[0]};
    int best_weight = 0;
    while (!accept_language.empty()) {
        const auto end = std::min(accept_language.find(','), accept_language.size());
        const auto range = accept_language.substr(0, end);
        accept_language.remove_prefix(std::min(end + 1, accept_language.size()));
        const auto semicolon = std::min(range.find(';'), range.size());
        const auto tag = supported(trimmed(range.substr(0, semicolon)));
        const auto parameter = trimmed(range.substr(std::min(semicolon + 1, range.size())));
        const int weight = parameter.starts_with("q=") ? weight_in(parameter.substr(2)) : 1000;
        if (tag && weight > best_weight) {
            best = *tag;
            best_weight = weight;
        }
    }
    return best;
}

}  // namespace csauth::users
