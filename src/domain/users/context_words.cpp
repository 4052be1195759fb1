#include "users/context_words.h"

#include <algorithm>

#include "users/password_core.h"

namespace csauth::users {
namespace {

constexpr std::string_view kProduct = "collabsphere";

/// Shorter words, such as the host label "de", are part of too many good passwords.
constexpr std::size_t kShortestWord = 3;  // bytes

std::vector<std::string_view> parts_of(std::string_view text, std::string_view separators) {
    std::vector<std::string_view> parts;
    while (!text.empty()) {
        const auto end = std::min(text.find_first_of(separators), text.size());
        if (end > 0) parts.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return parts;
}

/// The host of a URL, without user, port and path.
std::string_view host_of(std::string_view url) {
    if (const auto scheme = url.find("://"); scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
    url = url.substr(0, url.find_first_of("/?#"));
    if (const auto at = url.rfind('@'); at != std::string_view::npos) url.remove_prefix(at + 1);
    return url.substr(0, url.find(':'));
}

}  // namespace

ContextWords::ContextWords(std::string_view site_name, std::string_view site_url) {
    add_joined({kProduct});
    add_joined(parts_of(site_name, " \t-_.,:;/&'"));
    add_joined(parts_of(host_of(site_url), "."));
    std::sort(forms_.begin(), forms_.end());
}

void ContextWords::add_joined(const std::vector<std::string_view>& parts) {
    for (std::size_t first = 0; first < parts.size(); ++first) {
        std::string joined;
        for (std::size_t last = first; last < parts.size(); ++last) {
            joined += parts[last];
            for (auto& form : core_forms(joined))
                if (form.size() >= kShortestWord) forms_.push_back(std::move(form));
        }
    }
}

bool ContextWords::make_up(std::string_view password) const {
    const auto is_word = [&](std::string_view text) {
        return std::binary_search(forms_.begin(), forms_.end(), text);
    };
    const auto cores = password_cores(password);
    return std::any_of(cores.begin(), cores.end(), [&](std::string_view core) {
        const auto half = core.size() / 2;
        return is_word(core) || (core.size() % 2 == 0 && core.substr(0, half) == core.substr(half) &&
                                 is_word(core.substr(half)));
    });
}

}  // namespace csauth::users
